//! How background threads report to the event loop.

use super::effect::AppEvent;
use std::{sync::Arc, time::Duration};

/// Sends an event to the event loop; `false` if the loop has ended.
pub(super) type EventSink = Arc<dyn Fn(AppEvent) -> bool + Send + Sync>;

/// Interval between reports of a growing list or of progress.
pub(super) const REPORT_INTERVAL: Duration = Duration::from_millis(500);
