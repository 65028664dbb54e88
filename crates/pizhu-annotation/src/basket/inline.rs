//! Entries in the first form of the schema, inside the record of their basket: read, and written as
//! records of their own.

use super::{
    item::{BasketItem, BasketPassage},
    order_key::fresh_keys,
};
use crate::identity::SpeechHash;
use crate::model::{AnnotationId, Scope};
use crate::selector::Selector;
use serde::{Deserialize, Serialize};

/// An entry inside the record of its basket.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct InlineBasketItem {
    speech: SpeechHash,
    #[serde(default)]
    path: String,
    at: Selector,
    #[serde(default)]
    annotation: Option<AnnotationId>,
    #[serde(default)]
    text: String,
}

/// The entries of a basket in the first form of the schema, each with an id that is the same on every
/// machine, its order key and its content.
pub(crate) fn inline_items(basket: AnnotationId, items: Vec<InlineBasketItem>) -> Vec<(AnnotationId, String, BasketItem)> {
    let mut contents = Vec::new();
    for InlineBasketItem { speech, path, at, annotation, text } in items {
        let (title, date, scope) = (String::new(), String::new(), Scope::Passage);
        contents.push(BasketItem::Passage(Box::new(BasketPassage {
            speech,
            path,
            title,
            date,
            scope,
            at,
            text: String::new(),
            annotation,
        })));
        if !text.is_empty() {
            contents.push(BasketItem::words(&text));
        }
    }
    let keys = fresh_keys(contents.len());
    let id = |index: usize| AnnotationId::from_content(format!("{basket} {index}").as_bytes());
    contents.into_iter().zip(keys).enumerate().map(|(index, (item, order))| (id(index), order, item)).collect()
}
