//! Walks a folder on a thread of its own, so that the first speeches are worked on while the rest is
//! still being looked for.

use pizhu_library::source::{self, LeftOut, SourceError};
use std::{
    io,
    ops::ControlFlow,
    path::PathBuf,
    sync::mpsc,
    thread::{self, JoinHandle},
};

/// A folder that is being walked.
pub(super) struct FolderWalk {
    /// The folder.
    pub(super) folder: PathBuf,
    /// Speeches given so far.
    pub(super) found: usize,
    files: mpsc::Receiver<PathBuf>,
    walker: JoinHandle<Result<Vec<LeftOut>, SourceError>>,
}

impl FolderWalk {
    /// Begins the walk of a folder. At its end `counted` is called with the number of speeches and of
    /// what was left out, before all of them are given.
    ///
    /// # Errors
    /// No thread can be started.
    pub(super) fn begin(folder: PathBuf, counted: impl FnOnce(usize) + Send + 'static) -> io::Result<Self> {
        let (sender, files) = mpsc::channel();
        let root = folder.clone();
        let walker = thread::Builder::new().name("walk".into()).spawn(move || {
            let mut count = 0;
            let left_out = source::for_each_speech(&root, |file| {
                count += 1;
                // The command ends early if nobody takes them.
                if sender.send(file).is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
            })?;
            counted(count + left_out.len());
            Ok(left_out)
        })?;
        Ok(Self { folder, found: 0, files, walker })
    }

    /// What was left out, once all speeches are given.
    ///
    /// # Errors
    /// The folder cannot be read.
    pub(super) fn finish(self) -> Result<Vec<LeftOut>, SourceError> {
        self.walker.join().unwrap_or_else(|_| Ok(Vec::new()))
    }
}

impl Iterator for FolderWalk {
    type Item = PathBuf;

    /// The next speech; waits for it.
    fn next(&mut self) -> Option<PathBuf> {
        let file = self.files.recv().ok();
        self.found += usize::from(file.is_some());
        file
    }
}
