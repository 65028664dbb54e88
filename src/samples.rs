//! The built-in samples: invented speeches of the genre, compiled in.
//!
//! They are written as files into a folder of the user's before they are read, so that a sample
//! is a speech like any other: it has a path, its annotations are kept in the store, its place is
//! remembered, and the commands take it. A file that is there already is left as it is, whatever
//! it holds by now.

use std::{
    fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
};

/// One sample.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sample {
    /// Its file name.
    pub name: &'static str,
    /// The file, in the encoding it is kept in.
    pub bytes: &'static [u8],
}

macro_rules! samples {
    ($($name:literal),* $(,)?) => {
        &[$(Sample { name: $name, bytes: include_bytes!(concat!("../sample-data/", $name)) }),*]
    };
}

/// The samples, by name.
pub const SAMPLES: &[Sample] = samples![
    "乡村振兴现场推进会讲话.md",
    "云岭区基层党建述职评议会讲话.txt",
    "南浦市干部教育工作会议讲话.txt",
    "新任村书记座谈会讲话.txt",
    "澄湖市组织工作会议讲话.txt",
    "玉带市人才工作推进会讲话.txt",
    "白鹭县组工干部动员会讲话.txt",
    "石桥镇新党员培训班讲话.txt",
    "臨江市人才工作會議講話.txt",
    "芦湾县老干部座谈会讲话.txt",
    "青禾县组织工作会议讲话.txt",
];

/// Writes the samples that are missing into `folder`, makes it where needed, and gives their
/// paths in the order of [`SAMPLES`].
///
/// # Errors
/// The folder cannot be made or a file not written.
pub fn write_to(folder: &Path) -> io::Result<Vec<PathBuf>> {
    fs::create_dir_all(folder)?;
    SAMPLES
        .iter()
        .map(|sample| {
            let path = folder.join(sample.name);
            if !path.exists() {
                let mut file = atomic_write_file::AtomicWriteFile::open(&path)?;
                file.write_all(sample.bytes)?;
                file.commit()?;
            }
            Ok(path)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use pizhu_library::source;

    #[test]
    fn the_samples_are_speeches() {
        let folder = tempfile::tempdir().unwrap();
        let paths = write_to(&folder.path().join("deep/samples")).unwrap();
        assert!(paths.len() >= 5);
        for path in &paths {
            let speech = source::open(path, None).unwrap();
            assert!(speech.document.source.len() > 500, "{}", path.display());
        }
        fs::write(&paths[0], "mine").unwrap();
        fs::remove_file(&paths[1]).unwrap();
        assert_eq!(write_to(&folder.path().join("deep/samples")).unwrap(), paths);
        assert_eq!(fs::read(&paths[0]).unwrap(), b"mine");
        assert_eq!(fs::read(&paths[1]).unwrap(), SAMPLES[1].bytes);
    }

    #[test]
    fn every_file_of_the_folder_is_compiled_in() {
        let mut names: Vec<String> = fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("sample-data"))
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        assert_eq!(names, SAMPLES.iter().map(|sample| sample.name).collect::<Vec<_>>());
    }
}
