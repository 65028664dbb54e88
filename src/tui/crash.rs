//! Crash reports: a panic writes a report into the user's state folder and prints its path.

use crate::locale::{Locale, id};
use pizhu_files::private_file;
use std::{
    backtrace::Backtrace,
    io::{self, Write as _},
    panic::{self, PanicHookInfo},
    path::{Path, PathBuf},
    thread,
};

/// Installs a panic hook that writes a report into `folder` and prints its path in `locale`'s
/// language. If the report cannot be written, the previous hook runs.
///
/// Must be installed before [`Guard::enter`](pizhu_terminal::Guard::enter), whose hook restores
/// the terminal first.
pub fn report_to(folder: PathBuf, locale: Locale) {
    let inner = panic::take_hook();
    panic::set_hook(Box::new(move |info| match write(&folder, info) {
        Ok(path) => {
            let line = locale.format(id::CRASHED, &[("path", path.display().to_string().into())]);
            // The terminal may be gone; `eprintln!` would panic inside the hook, and that aborts.
            let _ = writeln!(io::stderr(), "pizhu: {line}");
        }
        Err(_) => inner(info),
    }));
}

/// Writes the report and returns its path. It holds no text of a speech beyond the panic message.
fn write(folder: &Path, info: &PanicHookInfo<'_>) -> io::Result<PathBuf> {
    private_file::create_folder(folder)?;
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
    private_file::write(&path, report.as_bytes())?;
    Ok(path)
}
