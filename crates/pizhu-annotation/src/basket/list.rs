//! The baskets of a store with their entries in the user's order.

use super::{BasketError, BasketItem};
use crate::record::{Record, RecordId, RecordMap};
use jiff::Timestamp;
use std::collections::BTreeMap;

/// An entry of a basket, as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BasketEntry {
    /// Its id.
    pub id: RecordId,
    /// Who put it in or changed it last.
    pub author: String,
    /// Time of the last change.
    pub modified: Timestamp,
    /// The content.
    pub item: BasketItem,
    /// Its place among the others.
    pub(super) order: String,
}

/// A basket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Basket {
    /// Its id.
    pub id: RecordId,
    /// Its name; empty if it was deleted while somebody else put something in.
    pub name: String,
    /// Time of the last change of the basket or an entry.
    pub modified: Timestamp,
    /// The entries, in order.
    pub entries: Vec<BasketEntry>,
}

/// The baskets of a store, by name.
///
/// ```
/// use pizhu_annotation::{BasketEdit, BasketItem, BasketList, BasketName, RecordSet};
///
/// let mut records = RecordSet::default();
/// let add = |text| BasketEdit::Add { basket: BasketName::Named("人才".into()), at: None, items: vec![BasketItem::words(text)] };
/// add("先说这个").apply(&mut records, "甲")?;
/// add("再说那个").apply(&mut records, "甲")?;
/// let baskets = BasketList::new(records.records());
/// let basket = baskets.find("人才")?;
/// assert_eq!(basket.entries.iter().map(|entry| entry.item.text()).collect::<Vec<_>>(), ["先说这个", "再说那个"]);
/// # Ok::<(), pizhu_annotation::BasketError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct BasketList(Vec<Basket>);

impl BasketList {
    /// The baskets among the records of a project.
    #[must_use]
    pub fn new(records: &RecordMap) -> Self {
        let mut baskets: BTreeMap<RecordId, Basket> = BTreeMap::new();
        let empty = |id, modified| Basket { id, name: String::new(), modified, entries: Vec::new() };
        for (id, entry) in records {
            match &entry.record {
                Record::Basket { name } => {
                    let basket = baskets.entry(*id).or_insert_with(|| empty(*id, entry.modified));
                    basket.name.clone_from(name);
                    basket.modified = basket.modified.max(entry.modified);
                }
                Record::BasketItem { basket, order, item } => {
                    let basket = baskets.entry(*basket).or_insert_with(|| empty(*basket, entry.modified));
                    basket.modified = basket.modified.max(entry.modified);
                    basket.entries.push(BasketEntry {
                        id: *id,
                        author: entry.author.clone(),
                        modified: entry.modified,
                        item: item.clone(),
                        order: order.clone(),
                    });
                }
                _ => {}
            }
        }
        let mut baskets: Vec<Basket> = baskets.into_values().collect();
        for basket in &mut baskets {
            // Two users may have put something in at the same place.
            basket.entries.sort_by(|a, b| (&a.order, a.id).cmp(&(&b.order, b.id)));
        }
        baskets.sort_by(|a, b| (&a.name, a.id).cmp(&(&b.name, b.id)));
        Self(baskets)
    }

    /// The baskets, by name.
    #[must_use]
    pub fn all(&self) -> &[Basket] {
        &self.0
    }

    /// A basket by its id.
    #[must_use]
    pub fn get(&self, id: RecordId) -> Option<&Basket> {
        self.0.iter().find(|basket| basket.id == id)
    }

    /// The basket that was changed last.
    #[must_use]
    pub fn latest(&self) -> Option<&Basket> {
        self.0.iter().max_by_key(|basket| basket.modified)
    }

    /// The name of a basket; of the second of one name, `素材#2`.
    #[must_use]
    pub fn label(&self, id: RecordId) -> String {
        let Some(basket) = self.get(id) else { return String::new() };
        let same = self.0.iter().filter(|other| other.name == basket.name).position(|other| other.id == id);
        match same {
            Some(before) if before > 0 => format!("{}#{}", basket.name, before + 1),
            _ => basket.name.clone(),
        }
    }

    /// The basket of this name or label.
    ///
    /// # Errors
    /// Fails if there is none, or several have the name.
    pub fn find(&self, name: &str) -> Result<&Basket, BasketError> {
        let name = name.trim();
        if let Some(basket) = self.0.iter().find(|basket| basket.name != name && self.label(basket.id) == name) {
            return Ok(basket);
        }
        let found: Vec<&Basket> = self.0.iter().filter(|basket| basket.name == name).collect();
        match found.as_slice() {
            [] => Err(BasketError::Missing(name.to_owned())),
            [one] => Ok(one),
            several => {
                Err(BasketError::Several { name: name.to_owned(), labels: several.iter().map(|basket| self.label(basket.id)).collect() })
            }
        }
    }

    /// The basket and the index in it of an entry.
    #[must_use]
    pub fn find_entry(&self, id: RecordId) -> Option<(&Basket, usize)> {
        self.0.iter().find_map(|basket| Some((basket, basket.entries.iter().position(|entry| entry.id == id)?)))
    }
}
