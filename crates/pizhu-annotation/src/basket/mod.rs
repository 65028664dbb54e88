//! Baskets (素材): passages of any speeches with their sources, in the user's order, with headings and
//! the user's own words between them.
//!
//! A basket and each of its entries are records of the project ([`crate::Record`]), so that what two
//! users put in, move and change merges entry by entry, and nothing is lost.

mod edit;
mod error;
mod inline;
mod item;
mod list;
mod order_key;

pub use edit::{BasketEdit, BasketName};
pub use error::BasketError;
pub(crate) use inline::{InlineBasketItem, inline_items};
pub use item::{BasketItem, BasketPassage, MAX_HEADING_LEVEL};
pub use list::{Basket, BasketEntry, BasketList};
