//! The tag that the words typed after `tag:` mean.

use pizhu_annotation::{Codebook, CodebookError};
use pizhu_text::search::NameQuery;

/// The tag that is meant by words typed in a query: one of this name, else the first of the tree whose name
/// has the words, as they are or by pinyin (`tag:rencai`); else the words themselves, which no tag has.
pub(super) fn tag_meant(book: &Codebook, words: &str) -> String {
    if !matches!(book.find(words), Err(CodebookError::Missing(_))) || words.contains('/') {
        return words.to_owned();
    }
    let query = NameQuery::new(words);
    let found = book.tree().into_iter().find(|(_, tag)| query.matches(&tag.name));
    found.map_or_else(|| words.to_owned(), |(_, tag)| book.label(tag.id))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_meant_by_its_name_or_its_pinyin() {
        let book = Codebook::starter();
        for (typed, meant) in [
            ("人才工作", "人才工作"),
            ("rencai", "人才工作"),
            ("rc", "人才工作"),
            ("作风", "作风建设"),
            ("没有", "没有"),
            ("一/二", "一/二"),
        ] {
            assert_eq!(tag_meant(&book, typed), meant, "{typed}");
        }
    }
}
