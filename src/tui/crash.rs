//! What a panic leaves behind: a report in the user's state folder, and a word on the terminal
//! that says where.

use crate::locale::Locale;
use std::{
    backtrace::Backtrace,
    fs, io,
    panic::{self, PanicHookInfo},
    path::{Path, PathBuf},
    thread,
};

/// From now on a panic writes a report into `folder` and says in `locale`'s words where it lies.
/// Where nothing can be written, the panic is told on standard error as it would be without this.
///
/// To be called before [`Guard::enter`](super::terminal::Guard::enter), which gives the terminal
/// back first.
pub fn report_to(folder: PathBuf, locale: Locale) {
    let inner = panic::take_hook();
    panic::set_hook(Box::new(move |info| match write(&folder, info) {
        Ok(path) => eprintln!("pizhu: {}", locale.format("crashed", &[("path", path.display().to_string().into())])),
        Err(_) => inner(info),
    }));
}

/// Writes the report; its path. It holds nothing of a speech beyond what the panic itself says.
fn write(folder: &Path, info: &PanicHookInfo<'_>) -> io::Result<PathBuf> {
    fs::create_dir_all(folder)?;
    let now = jiff::Timestamp::now();
    let path = folder.join(format!("crash-{}.txt", now.strftime("%Y%m%dT%H%M%SZ")));
    let thread = thread::current();
    let report = format!(
        "pizhu {} on {}-{}, {now}\n{info}\nin thread {}\n\n{}\n",
        env!("CARGO_PKG_VERSION"),
        std::env::consts::ARCH,
        std::env::consts::OS,
        thread.name().unwrap_or("without a name"),
        Backtrace::force_capture(),
    );
    fs::write(&path, report)?;
    Ok(path)
}
