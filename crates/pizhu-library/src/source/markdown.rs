//! Detection of Markdown files. Their text is read raw, markup included.

use std::path::Path;

/// Whether a file is Markdown: by its extension, or because its first nonblank line is a heading
/// (`# …`) and another one follows. `head` is the beginning of the decoded text.
pub(super) fn is_markdown(path: &Path, head: &str) -> bool {
    let named = |names: &[&str]| path.extension().is_some_and(|extension| names.iter().any(|name| extension.eq_ignore_ascii_case(name)));
    if named(&["md", "markdown"]) {
        return true;
    }
    let mut lines = head.lines().filter(|line| !line.trim().is_empty());
    lines.next().is_some_and(is_atx_heading) && lines.any(is_atx_heading)
}

/// Whether a line is an ATX heading of CommonMark: one to six `#`, a space, text. `#话题#` is not.
fn is_atx_heading(line: &str) -> bool {
    let rest = line.trim_start_matches('#');
    (1..=6).contains(&(line.len() - rest.len())) && rest.starts_with([' ', '\t']) && !rest.trim().is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markdown_is_detected_by_extension_or_headings() {
        assert!(is_markdown(Path::new("讲话.MD"), ""));
        assert!(is_markdown(Path::new("-"), "\n# 讲话\n\n正文。\n## 一、题\n"));
        assert!(!is_markdown(Path::new("a.txt"), "# 只有一个\n正文\n"));
        assert!(!is_markdown(Path::new("a.txt"), "#话题#\n# 一\n"));
        assert!(!is_markdown(Path::new("a.txt"), "一、题\n# 二\n# 三\n"));
    }
}
