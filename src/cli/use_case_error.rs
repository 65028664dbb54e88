//! Errors of use cases as errors of the command line.

use super::{CliError, attribute_problem::AttributeProblem};
use crate::app::{attributes::AttributeError, error::UseCaseError};

impl From<UseCaseError> for CliError {
    fn from(error: UseCaseError) -> Self {
        match error {
            UseCaseError::Store(error) => Self::Store(error),
            UseCaseError::Condition(error) => Self::Condition(error),
            UseCaseError::Source(error) => Self::Source(error),
            UseCaseError::Io(error) => error.into(),
            UseCaseError::Attribute(error) => error.into(),
            UseCaseError::Folder(path, error) => Self::Folder(path, error),
        }
    }
}

impl From<AttributeError> for CliError {
    fn from(error: AttributeError) -> Self {
        Self::Attribute(AttributeProblem::Value(error))
    }
}
