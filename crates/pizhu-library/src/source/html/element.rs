//! What the elements of HTML mean for the text.

/// What an element does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// Holds a line or several: a paragraph, a list item.
    Block,
    /// Holds blocks that belong together.
    Container,
    /// A heading of this level.
    Heading(u8),
    /// Holds what is not the page's content.
    Apart,
    /// A row of a table.
    Row,
    /// A cell of a table.
    Cell,
    /// A list whose items are counted.
    Counted,
    /// Text with its line ends and spaces kept.
    Kept,
    /// A link.
    Link,
    /// A sign over or behind the text.
    Raised,
    /// What a word processor fills in: a page number, a date.
    Field,
    /// Pronunciation over characters.
    Gloss,
    /// Holds nothing to read.
    Mute,
    /// Ends a line; has no content.
    Break,
    /// Tells something about the page; has no content.
    Meta,
    /// The page's title.
    PageTitle,
}

impl Role {
    /// Whether a line ends before and behind the element.
    pub(super) fn ends_line(self) -> bool {
        !matches!(self, Self::Link | Self::Raised | Self::Field | Self::Gloss | Self::Mute | Self::Meta | Self::PageTitle)
    }
}

/// The elements that matter, sorted by name. The rest are transparent.
const ELEMENTS: [(&str, Role); 69] = [
    ("a", Role::Link),
    ("address", Role::Block),
    ("article", Role::Container),
    ("aside", Role::Apart),
    ("blockquote", Role::Container),
    ("body", Role::Container),
    ("br", Role::Break),
    ("button", Role::Apart),
    ("caption", Role::Block),
    ("center", Role::Container),
    ("dd", Role::Block),
    ("details", Role::Container),
    ("dialog", Role::Apart),
    ("dir", Role::Container),
    ("div", Role::Container),
    ("dl", Role::Container),
    ("dt", Role::Block),
    ("fieldset", Role::Container),
    ("figcaption", Role::Block),
    ("figure", Role::Container),
    ("footer", Role::Apart),
    ("form", Role::Container),
    ("h1", Role::Heading(1)),
    ("h2", Role::Heading(2)),
    ("h3", Role::Heading(3)),
    ("h4", Role::Heading(4)),
    ("h5", Role::Heading(5)),
    ("h6", Role::Heading(6)),
    ("header", Role::Apart),
    ("hr", Role::Break),
    ("iframe", Role::Mute),
    ("legend", Role::Block),
    ("li", Role::Block),
    ("listing", Role::Kept),
    ("main", Role::Container),
    ("marquee", Role::Apart),
    ("menu", Role::Container),
    ("meta", Role::Meta),
    ("nav", Role::Apart),
    ("noembed", Role::Mute),
    ("noframes", Role::Mute),
    ("noscript", Role::Mute),
    ("ol", Role::Counted),
    ("optgroup", Role::Apart),
    ("option", Role::Apart),
    ("p", Role::Block),
    ("plaintext", Role::Kept),
    ("pre", Role::Kept),
    ("rp", Role::Mute),
    ("rt", Role::Gloss),
    ("script", Role::Mute),
    ("sdfield", Role::Field),
    ("search", Role::Apart),
    ("section", Role::Container),
    ("select", Role::Apart),
    ("style", Role::Mute),
    ("summary", Role::Block),
    ("sup", Role::Raised),
    ("svg", Role::Apart),
    ("table", Role::Container),
    ("tbody", Role::Container),
    ("td", Role::Cell),
    ("template", Role::Apart),
    ("textarea", Role::Apart),
    ("th", Role::Cell),
    ("title", Role::PageTitle),
    ("tr", Role::Row),
    ("ul", Role::Container),
    ("xmp", Role::Kept),
];

/// The element of that name (ASCII, lower case), where it matters.
pub(super) fn known(name: &[u8]) -> Option<(&'static str, Role)> {
    let index = ELEMENTS.binary_search_by(|(known, _)| known.as_bytes().cmp(name)).ok()?;
    ELEMENTS.get(index).copied()
}

/// Whether an open `open` ends where `new` begins, as HTML lets its end tag be left out.
pub(super) fn is_ended_by(open: &str, new: &str, role: Role) -> bool {
    match open {
        "p" => role.ends_line() && new != "br",
        "li" => new == "li",
        "dd" | "dt" => matches!(new, "dd" | "dt"),
        "tr" => matches!(new, "tr" | "tbody"),
        "td" | "th" => matches!(new, "td" | "th" | "tr" | "tbody"),
        "tbody" => new == "tbody",
        "option" => matches!(new, "option" | "optgroup"),
        "rt" | "rp" => matches!(new, "rt" | "rp"),
        "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => matches!(role, Role::Heading(_)) || new == "p",
        _ => false,
    }
}

/// Whether the search for an element that `new` ends stops at an open `open`.
pub(super) fn is_scope(open: &str, new: &str) -> bool {
    match new {
        "li" => matches!(open, "ul" | "ol" | "menu" | "table" | "div"),
        "td" | "th" | "tr" | "tbody" => open == "table",
        "dd" | "dt" => matches!(open, "dl" | "table" | "div"),
        _ => !matches!(open, "a" | "sup" | "p"),
    }
}

/// Words in the class or id of an element that say it is no content.
const APART_WORDS: [&str; 52] = [
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
/// Words in the class or id of an element that say it holds the text.
const CONTENT_WORDS: [&str; 12] =
    ["article", "bodytext", "content", "contents", "detail", "entry", "maintext", "newscontent", "post", "textbox", "trs", "zoom"];

/// Whether a class or id has one of `words`: it is cut at what is no letter and where a capital
/// follows a small letter.
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

/// Whether the class or id says that it is no content.
pub(super) fn says_apart(names: &str) -> bool {
    has_word(names, &APART_WORDS)
}

/// Whether the class or id says that it holds the text.
pub(super) fn says_content(names: &str) -> bool {
    has_word(names, &CONTENT_WORDS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_sorted_and_words_are_found() {
        assert!(ELEMENTS.windows(2).all(|pair| pair[0].0 < pair[1].0));
        assert_eq!(known(b"td"), Some(("td", Role::Cell)));
        assert_eq!(known(b"span"), None);
        for word in APART_WORDS {
            assert!(says_apart(word), "{word}");
        }
        for word in CONTENT_WORDS {
            assert!(says_content(word), "{word}");
        }
        assert!(says_apart("main-nav") && says_apart("leftSidebar") && says_apart("share_box"));
        assert!(!says_apart("navy") && !says_apart("shared-content") && says_content("TRS_Editor"));
    }
}
