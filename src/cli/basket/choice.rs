//! Which basket a command means.

use super::problem::BasketProblem;
use crate::cli::CliError;
use crate::locale::{Locale, id};
use clap::Args;
use pizhu_annotation::{Basket, BasketList, BasketName, StoreError};

/// The basket that is meant.
#[derive(Debug, Clone, Default, Args)]
pub struct BasketChoice {
    /// The basket's name [default: the only one].
    #[arg(long, value_name = "NAME")]
    pub basket: Option<String>,
}

impl BasketChoice {
    /// The basket; it must be there.
    pub(super) fn find<'a>(&self, list: &'a BasketList) -> Result<&'a Basket, CliError> {
        match (&self.basket, list.all()) {
            (Some(name), _) => Ok(list.find(name).map_err(StoreError::from)?),
            (None, [one]) => Ok(one),
            (None, []) => Err(BasketProblem::None.into()),
            (None, several) => Err(BasketProblem::Several(several.iter().map(|basket| list.label(basket.id)).collect()).into()),
        }
    }

    /// The basket to put something into; without a name, and if there is none yet, a new one.
    pub(super) fn find_or_new(&self, list: &BasketList, locale: Locale) -> Result<BasketName, CliError> {
        match (&self.basket, list.all()) {
            (Some(name), _) => Ok(BasketName::Named(name.clone())),
            (None, []) => Ok(BasketName::Named(locale.text(id::BASKET_DEFAULT_NAME).into_owned())),
            (None, _) => Ok(BasketName::Id(self.find(list)?.id)),
        }
    }
}
