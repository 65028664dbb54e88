//! The built-in samples: invented speeches, compiled in.
//!
//! A sample is written as a file into the user's data folder before it is read, so it is a speech
//! like any other: it has a path, annotations in the store and a reading position. An existing file
//! is never overwritten.

use pizhu_files::private_file;
use std::{
    io,
    path::{Path, PathBuf},
};

/// A sample speech.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sample {
    /// File name.
    pub name: &'static str,
    /// Content, in the file's own encoding.
    pub bytes: &'static [u8],
}

macro_rules! samples {
    ($($name:literal),* $(,)?) => {
        &[$(Sample { name: $name, bytes: include_bytes!(concat!("../sample-data/", $name)) }),*]
    };
}

/// All samples, by name.
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

/// Writes the missing samples into `folder`, creating it if necessary, and returns the paths of all
/// in the order of [`SAMPLES`].
///
/// # Errors
/// The folder or a file cannot be written.
pub(crate) fn write_to(folder: &Path) -> io::Result<Vec<PathBuf>> {
    private_file::create_folder(folder)?;
    SAMPLES
        .iter()
        .map(|sample| {
            let path = folder.join(sample.name);
            if !path.exists() {
                private_file::write(&path, sample.bytes)?;
            }
            Ok(path)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use pizhu_library::source;
    use std::fs;

    #[test]
    fn samples_open_as_speeches() {
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
    fn every_sample_file_is_compiled_in() {
        let mut names: Vec<String> = fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("sample-data"))
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        assert_eq!(names, SAMPLES.iter().map(|sample| sample.name).collect::<Vec<_>>());
    }
}
