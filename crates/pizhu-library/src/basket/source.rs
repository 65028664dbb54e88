//! The source of a passage, as a footnote names it.

use std::path::Path;

/// The source of a passage.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PassageSource {
    /// Who spoke; empty if unknown.
    pub speaker: String,
    /// Title of the speech.
    pub title: String,
    /// Date of the speech; empty if unknown.
    pub date: String,
    /// Path and title of the section; empty outside sections.
    pub section: String,
    /// The speech's file, as the store names it.
    pub path: String,
}

impl PassageSource {
    /// The file as a reader elsewhere may know it: without the folders of this machine.
    fn file(&self) -> &str {
        let is_absolute = Path::new(&self.path).is_absolute();
        if is_absolute { self.path.rsplit(['/', '\\']).next().unwrap_or_default() } else { &self.path }
    }

    /// The source on one line.
    ///
    /// ```
    /// use pizhu_library::basket::PassageSource;
    ///
    /// let source = PassageSource {
    ///     speaker: "张三".into(),
    ///     title: "在人才会上的讲话".into(),
    ///     date: "2024-03-01".into(),
    ///     section: "二、 引进人才".into(),
    ///     path: "2024/人才.txt".into(),
    /// };
    /// assert_eq!(source.line(), "张三：《在人才会上的讲话》（2024-03-01），二、 引进人才，2024/人才.txt");
    /// let elsewhere = PassageSource { path: "/home/me/人才.txt".into(), ..source };
    /// assert!(elsewhere.line().ends_with("引进人才，人才.txt"));
    /// ```
    #[must_use]
    pub fn line(&self) -> String {
        let mut line = String::new();
        if !self.speaker.is_empty() {
            line.push_str(&self.speaker);
            line.push('：');
        }
        line.extend(["《", &self.title, "》"]);
        if !self.date.is_empty() {
            line.extend(["（", &self.date, "）"]);
        }
        for fact in [self.section.as_str(), self.file()] {
            if !fact.is_empty() {
                line.push('，');
                line.push_str(fact);
            }
        }
        line
    }
}
