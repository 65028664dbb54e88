//! Changes of baskets, each undone by its inverse.

use super::{
    BasketError, BasketItem,
    list::{Basket, BasketList},
    order_key::{fresh_keys, key_between},
};
use crate::edit::Action;
use crate::model::AnnotationId;
use crate::record::{Record, RecordId, RecordSet};
use crate::record_change::invert_records;
use std::sync::Arc;

/// A basket, as an edit names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BasketName {
    /// The one with this id.
    Id(RecordId),
    /// The one of this name, made if there is none.
    Named(String),
}

/// A change of the baskets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BasketEdit {
    /// Makes a basket.
    Create {
        /// Its name.
        name: String,
    },
    /// Renames a basket.
    Rename {
        /// The basket.
        basket: RecordId,
        /// The new name.
        name: String,
    },
    /// Deletes a basket with its entries.
    Delete {
        /// The basket.
        basket: RecordId,
    },
    /// Puts entries into a basket.
    Add {
        /// The basket.
        basket: BasketName,
        /// The index of the first one; `None` for the end.
        at: Option<usize>,
        /// The entries.
        items: Vec<BasketItem>,
    },
    /// Sets the content of an entry.
    Set {
        /// The entry.
        entry: RecordId,
        /// The content.
        item: BasketItem,
    },
    /// Moves an entry.
    Move {
        /// The entry.
        entry: RecordId,
        /// Its new index among the entries.
        to: usize,
    },
    /// Moves an entry to the end of another basket.
    MoveTo {
        /// The entry.
        entry: RecordId,
        /// The basket.
        basket: BasketName,
    },
    /// Removes entries.
    Remove {
        /// The entries.
        entries: Vec<RecordId>,
    },
    /// Undoes an action, or redoes one that was undone: what others have changed since stays.
    Undo {
        /// The action.
        action: Arc<Action>,
    },
}

impl BasketEdit {
    /// Applies the change to the records of a project.
    ///
    /// # Errors
    /// Fails if the change is refused; then nothing has changed.
    pub fn apply(&self, records: &mut RecordSet, author: &str) -> Result<(), BasketError> {
        match self {
            Self::Create { name } => create(records, author, name).map(drop),
            Self::Rename { basket, name } => {
                let name = checked(name)?;
                let list = BasketList::new(records.records());
                if list.all().iter().any(|other| other.name == name && other.id != *basket) {
                    return Err(BasketError::Exists(name));
                }
                list.get(*basket).ok_or(BasketError::Missing(String::new()))?;
                records.put(*basket, author, Record::Basket { name });
                Ok(())
            }
            Self::Delete { basket } => {
                let list = BasketList::new(records.records());
                let found = list.get(*basket).ok_or(BasketError::Missing(String::new()))?;
                for entry in &found.entries {
                    records.remove(entry.id);
                }
                records.remove(*basket);
                Ok(())
            }
            Self::Add { basket, at, items } => {
                let id = find_or_create(records, author, basket)?;
                for (index, item) in items.iter().enumerate() {
                    let order = free_order(records, author, id, at.map(|at| at.saturating_add(index)), None);
                    records.add(author, Record::BasketItem { basket: id, order, item: item.clone() });
                }
                Ok(())
            }
            Self::Set { entry, item } => {
                let (basket, order) = place_of(records, *entry)?;
                records.set(*entry, author, Record::BasketItem { basket, order, item: item.clone() });
                Ok(())
            }
            Self::Move { entry, to } => {
                let (basket, _) = place_of(records, *entry)?;
                let list = BasketList::new(records.records());
                let (found, index) = list.find_entry(*entry).ok_or(BasketError::NoEntry)?;
                if index == (*to).min(found.entries.len() - 1) {
                    return Ok(());
                }
                let order = free_order(records, author, basket, Some(*to), Some(*entry));
                set_place(records, author, *entry, basket, order)
            }
            Self::MoveTo { entry, basket } => {
                place_of(records, *entry)?;
                let id = find_or_create(records, author, basket)?;
                let order = free_order(records, author, id, None, Some(*entry));
                set_place(records, author, *entry, id, order)
            }
            Self::Remove { entries } => {
                if entries.iter().any(|entry| place_of(records, *entry).is_err()) {
                    return Err(BasketError::NoEntry);
                }
                for entry in entries {
                    records.remove(*entry);
                }
                Ok(())
            }
            Self::Undo { action } => {
                for change in invert_records(&action.records, records.records()) {
                    match change.after {
                        Some(after) => records.insert(change.id, after),
                        None => drop(records.remove(change.id)),
                    }
                }
                Ok(())
            }
        }
    }
}

/// The trimmed name, if it is one.
fn checked(name: &str) -> Result<String, BasketError> {
    let name = name.trim();
    if name.is_empty() || name.chars().any(char::is_control) {
        return Err(BasketError::BadName(name.to_owned()));
    }
    Ok(name.to_owned())
}

/// Makes a basket. Its id comes from its name if that is free, so that two users who both make 素材
/// before their stores meet have one.
fn create(records: &mut RecordSet, author: &str, name: &str) -> Result<RecordId, BasketError> {
    let name = checked(name)?;
    if BasketList::new(records.records()).all().iter().any(|basket| basket.name == name) {
        return Err(BasketError::Exists(name));
    }
    let of_name = AnnotationId::from_content(format!("basket {name}").as_bytes());
    let id = if BasketList::new(records.records()).get(of_name).is_none() { of_name } else { AnnotationId::new() };
    records.put(id, author, Record::Basket { name });
    Ok(id)
}

fn find_or_create(records: &mut RecordSet, author: &str, basket: &BasketName) -> Result<RecordId, BasketError> {
    let list = BasketList::new(records.records());
    match basket {
        BasketName::Id(id) => list.get(*id).map(|basket| basket.id).ok_or(BasketError::Missing(String::new())),
        BasketName::Named(name) => match list.find(name) {
            Ok(basket) => Ok(basket.id),
            Err(BasketError::Missing(_)) => create(records, author, name),
            Err(error) => Err(error),
        },
    }
}

fn place_of(records: &RecordSet, entry: RecordId) -> Result<(RecordId, String), BasketError> {
    match records.records().get(&entry).map(|entry| &entry.record) {
        Some(Record::BasketItem { basket, order, .. }) => Ok((*basket, order.clone())),
        _ => Err(BasketError::NoEntry),
    }
}

fn set_place(records: &mut RecordSet, author: &str, entry: RecordId, basket: RecordId, order: String) -> Result<(), BasketError> {
    let Some(Record::BasketItem { item, .. }) = records.records().get(&entry).map(|entry| entry.record.clone()) else {
        return Err(BasketError::NoEntry);
    };
    records.set(entry, author, Record::BasketItem { basket, order, item });
    Ok(())
}

/// An order key for the index `at` among the entries of a basket other than `moved`; `None` for the end.
/// If there is no room, all entries get new keys.
fn free_order(records: &mut RecordSet, author: &str, basket: RecordId, at: Option<usize>, moved: Option<RecordId>) -> String {
    let others = |records: &RecordSet| -> Vec<(RecordId, String)> {
        let list = BasketList::new(records.records());
        let entries = list.get(basket).map(|basket: &Basket| basket.entries.as_slice()).unwrap_or_default();
        entries.iter().filter(|entry| Some(entry.id) != moved).map(|entry| (entry.id, entry.order.clone())).collect()
    };
    let key = |keys: &[(RecordId, String)]| {
        let at = at.unwrap_or(keys.len()).min(keys.len());
        let lower = at.checked_sub(1).and_then(|before| keys.get(before));
        key_between(lower.map(|(_, key)| key.as_str()), keys.get(at).map(|(_, key)| key.as_str()))
    };
    let keys = others(records);
    if let Some(order) = key(&keys) {
        return order;
    }
    for ((id, _), order) in keys.iter().zip(fresh_keys(keys.len())) {
        // It was just listed.
        let _ = set_place(records, author, *id, basket, order);
    }
    key(&others(records)).unwrap_or_default()
}
