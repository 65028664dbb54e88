//! What is remembered of the previous frame.

use super::context::RenderContext;
use crate::locale::Locale;
use crate::tui::screens::reader::{outline_view::OutlineFingerprint, view::RowsFingerprint};
use crate::tui::theme::Theme;
use pizhu_text::text::width::AmbiguousWidth;

/// The context a frame was drawn in; a cached frame is valid only for the same one.
struct CacheKey {
    theme: Theme,
    options: (AmbiguousWidth, Locale, bool),
}

impl CacheKey {
    fn new(ctx: RenderContext<'_>) -> Self {
        Self { theme: ctx.styles.theme.clone(), options: (ctx.styles.ambiguous, ctx.locale, ctx.frames) }
    }

    fn matches(&self, ctx: RenderContext<'_>) -> bool {
        self.options == (ctx.styles.ambiguous, ctx.locale, ctx.frames) && self.theme == *ctx.styles.theme
    }
}

/// Fingerprints of the previous frame, by which the next one finds what it need not draw.
#[derive(Default)]
pub struct FrameCache {
    key: Option<CacheKey>,
    pub(in crate::tui) outline: Option<OutlineFingerprint>,
    pub(in crate::tui) rows: Option<RowsFingerprint>,
}

impl FrameCache {
    /// Begins a frame: leaves the cache empty but for the context, and returns what is known of the
    /// previous frame; nothing if that was drawn in another context.
    pub(super) fn begin_frame(&mut self, ctx: RenderContext<'_>) -> Self {
        let mut before = std::mem::take(self);
        if before.key.as_ref().is_none_or(|key| !key.matches(ctx)) {
            before = Self { key: Some(CacheKey::new(ctx)), ..Self::default() };
        }
        self.key = before.key.take();
        before
    }
}
