//! Remnants of markup in text: references that were escaped twice, directives of a page template.

/// Resolves the references of a text that was escaped twice: `&amp;nbsp;` is shown as `&nbsp;`.
/// `None` if there are none. The signs of markup are left: they may be meant.
pub(super) fn resolve_twice_escaped(text: &str) -> Option<String> {
    const NAMES: [(&str, &str); 15] = [
        ("nbsp", "\u{A0}"),
        ("ensp", "\u{2002}"),
        ("emsp", "\u{2003}"),
        ("ldquo", "“"),
        ("rdquo", "”"),
        ("lsquo", "‘"),
        ("rsquo", "’"),
        ("mdash", "—"),
        ("ndash", "–"),
        ("hellip", "…"),
        ("middot", "·"),
        ("bull", "•"),
        ("times", "×"),
        ("deg", "°"),
        ("quot", "\""),
    ];
    if !text.contains('&') {
        return None;
    }
    let mut resolved = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        resolved.push_str(before);
        let name = after.split_once(';').map(|(name, _)| name).filter(|name| name.len() <= 8);
        if let Some((name, sign)) = name.and_then(|name| NAMES.iter().find(|(known, _)| *known == name)) {
            resolved.push_str(sign);
            rest = &after[name.len() + 1..];
        } else {
            resolved.push('&');
            rest = after;
        }
    }
    resolved.push_str(rest);
    (resolved != text).then_some(resolved)
}

/// Removes the directives of a page template that was saved unfilled (`<%@ include … %>`). `None` if
/// there are none.
pub(super) fn remove_directives(text: &str) -> Option<String> {
    let mut kept = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("<%") {
        let Some((_, after)) = after.split_once("%>") else { break };
        kept.push_str(before);
        rest = after;
    }
    (rest.len() < text.len()).then(|| kept + rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn directives_are_removed() {
        assert_eq!(remove_directives("<%@ page x=\"1\"%> 讲<%= a %>话<% 完").as_deref(), Some(" 讲话<% 完"));
        assert_eq!(remove_directives("a <% b"), None);
    }
}
