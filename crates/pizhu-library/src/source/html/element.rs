//! Roles of HTML elements, and of class names and ids, in text extraction.

/// Role of an element in text extraction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ElementRole {
    /// One or more lines: a paragraph, a list item.
    Block,
    /// Groups blocks.
    Container,
    /// Heading of this level.
    Heading(u8),
    /// Boilerplate.
    Boilerplate,
    /// Table row.
    Row,
    /// Table cell.
    Cell,
    /// Ordered list.
    OrderedList,
    /// Preformatted text: line ends and spaces are significant.
    Preformatted,
    /// Link.
    Link,
    /// Superscript.
    Superscript,
    /// Field filled in by a word processor: a page number, a date.
    Field,
    /// Ruby text: pronunciation of the base characters.
    RubyText,
    /// Not extracted: scripts, styles, fallback content.
    Ignored,
    /// Line break; has no content.
    LineBreak,
    /// Metadata; has no content.
    Meta,
    /// Title of the page.
    PageTitle,
}

impl ElementRole {
    /// Whether the element breaks the line before and after it.
    pub(super) fn ends_line(self) -> bool {
        !matches!(self, Self::Link | Self::Superscript | Self::Field | Self::RubyText | Self::Ignored | Self::Meta | Self::PageTitle)
    }
}

/// Elements with a role, sorted by name. All others are transparent.
const ELEMENTS: [(&str, ElementRole); 69] = [
    ("a", ElementRole::Link),
    ("address", ElementRole::Block),
    ("article", ElementRole::Container),
    ("aside", ElementRole::Boilerplate),
    ("blockquote", ElementRole::Container),
    ("body", ElementRole::Container),
    ("br", ElementRole::LineBreak),
    ("button", ElementRole::Boilerplate),
    ("caption", ElementRole::Block),
    ("center", ElementRole::Container),
    ("dd", ElementRole::Block),
    ("details", ElementRole::Container),
    ("dialog", ElementRole::Boilerplate),
    ("dir", ElementRole::Container),
    ("div", ElementRole::Container),
    ("dl", ElementRole::Container),
    ("dt", ElementRole::Block),
    ("fieldset", ElementRole::Container),
    ("figcaption", ElementRole::Block),
    ("figure", ElementRole::Container),
    ("footer", ElementRole::Boilerplate),
    ("form", ElementRole::Container),
    ("h1", ElementRole::Heading(1)),
    ("h2", ElementRole::Heading(2)),
    ("h3", ElementRole::Heading(3)),
    ("h4", ElementRole::Heading(4)),
    ("h5", ElementRole::Heading(5)),
    ("h6", ElementRole::Heading(6)),
    ("header", ElementRole::Boilerplate),
    ("hr", ElementRole::LineBreak),
    ("iframe", ElementRole::Ignored),
    ("legend", ElementRole::Block),
    ("li", ElementRole::Block),
    ("listing", ElementRole::Preformatted),
    ("main", ElementRole::Container),
    ("marquee", ElementRole::Boilerplate),
    ("menu", ElementRole::Container),
    ("meta", ElementRole::Meta),
    ("nav", ElementRole::Boilerplate),
    ("noembed", ElementRole::Ignored),
    ("noframes", ElementRole::Ignored),
    ("noscript", ElementRole::Ignored),
    ("ol", ElementRole::OrderedList),
    ("optgroup", ElementRole::Boilerplate),
    ("option", ElementRole::Boilerplate),
    ("p", ElementRole::Block),
    ("plaintext", ElementRole::Preformatted),
    ("pre", ElementRole::Preformatted),
    ("rp", ElementRole::Ignored),
    ("rt", ElementRole::RubyText),
    ("script", ElementRole::Ignored),
    ("sdfield", ElementRole::Field),
    ("search", ElementRole::Boilerplate),
    ("section", ElementRole::Container),
    ("select", ElementRole::Boilerplate),
    ("style", ElementRole::Ignored),
    ("summary", ElementRole::Block),
    ("sup", ElementRole::Superscript),
    ("svg", ElementRole::Boilerplate),
    ("table", ElementRole::Container),
    ("tbody", ElementRole::Container),
    ("td", ElementRole::Cell),
    ("template", ElementRole::Boilerplate),
    ("textarea", ElementRole::Boilerplate),
    ("th", ElementRole::Cell),
    ("title", ElementRole::PageTitle),
    ("tr", ElementRole::Row),
    ("ul", ElementRole::Container),
    ("xmp", ElementRole::Preformatted),
];

/// Static name and role of an element, by its name in lower case; `None` if it is transparent.
pub(super) fn lookup(name: &[u8]) -> Option<(&'static str, ElementRole)> {
    let index = ELEMENTS.binary_search_by(|(known, _)| known.as_bytes().cmp(name)).ok()?;
    ELEMENTS.get(index).copied()
}

/// Whether the start tag of `new` implies the end tag of an open `open`, as in `<p>…<p>`.
pub(super) fn is_ended_by(open: &str, new: &str, role: ElementRole) -> bool {
    match open {
        "p" => role.ends_line() && new != "br",
        "li" => new == "li",
        "dd" | "dt" => matches!(new, "dd" | "dt"),
        "tr" => matches!(new, "tr" | "tbody"),
        "td" | "th" => matches!(new, "td" | "th" | "tr" | "tbody"),
        "tbody" => new == "tbody",
        "option" => matches!(new, "option" | "optgroup"),
        "rt" | "rp" => matches!(new, "rt" | "rp"),
        "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => matches!(role, ElementRole::Heading(_)) || new == "p",
        _ => false,
    }
}

/// Whether an open `open` bounds the search for the element that `new` ends.
pub(super) fn is_scope(open: &str, new: &str) -> bool {
    match new {
        "li" => matches!(open, "ul" | "ol" | "menu" | "table" | "div"),
        "td" | "th" | "tr" | "tbody" => open == "table",
        "dd" | "dt" => matches!(open, "dl" | "table" | "div"),
        _ => !matches!(open, "a" | "sup" | "p"),
    }
}

/// Words in a class or id that mark boilerplate, sorted. `dqwz` is 当前位置, `xgxw` 相关新闻.
const BOILERPLATE_WORDS: [&str; 52] = [
    "ad",
    "ads",
    "advert",
    "advertisement",
    "banner",
    "bdshare",
    "bdsharebuttonbox",
    "bottom",
    "breadcrumb",
    "breadcrumbs",
    "bshare",
    "comment",
    "comments",
    "copyright",
    "crumb",
    "crumbs",
    "dqwz",
    "erweima",
    "fenxiang",
    "foot",
    "footer",
    "friendlink",
    "guanlian",
    "header",
    "hot",
    "jiathis",
    "links",
    "login",
    "menu",
    "nav",
    "navbar",
    "navigation",
    "pager",
    "pagination",
    "position",
    "print",
    "qrcode",
    "rank",
    "recommend",
    "recommended",
    "related",
    "search",
    "share",
    "sharebar",
    "sidebar",
    "sitemap",
    "social",
    "toolbar",
    "tools",
    "topbar",
    "weibo",
    "xgxw",
];
/// Words in a class or id that mark the main content, sorted.
const CONTENT_WORDS: [&str; 12] =
    ["article", "bodytext", "content", "contents", "detail", "entry", "maintext", "newscontent", "post", "textbox", "trs", "zoom"];

/// Whether a class or id contains one of `words`. Words are split at non-letters and in camel case:
/// `leftSidebar` has `left` and `sidebar`.
fn has_word(names: &str, words: &[&str]) -> bool {
    let mut word = String::new();
    let mut was_small = false;
    for c in names.chars().chain([' ']) {
        if !c.is_ascii_alphabetic() || (was_small && c.is_ascii_uppercase()) {
            if words.binary_search(&word.as_str()).is_ok() {
                return true;
            }
            word.clear();
        }
        if c.is_ascii_alphabetic() {
            word.push(c.to_ascii_lowercase());
        }
        was_small = c.is_ascii_lowercase();
    }
    false
}

/// Whether a class or id marks boilerplate.
pub(super) fn names_boilerplate(names: &str) -> bool {
    has_word(names, &BOILERPLATE_WORDS)
}

/// Whether a class or id marks the main content.
pub(super) fn names_content(names: &str) -> bool {
    has_word(names, &CONTENT_WORDS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_sorted_and_searchable() {
        assert!(ELEMENTS.windows(2).all(|pair| pair[0].0 < pair[1].0));
        assert_eq!(lookup(b"td"), Some(("td", ElementRole::Cell)));
        assert_eq!(lookup(b"span"), None);
        for word in BOILERPLATE_WORDS {
            assert!(names_boilerplate(word), "{word}");
        }
        for word in CONTENT_WORDS {
            assert!(names_content(word), "{word}");
        }
        assert!(names_boilerplate("main-nav") && names_boilerplate("leftSidebar") && names_boilerplate("share_box"));
        assert!(!names_boilerplate("navy") && !names_boilerplate("shared-content") && names_content("TRS_Editor"));
    }
}
