//! Conversion of crossterm's key and mouse events.

use crate::tui::effect::Mouse;
use crate::tui::effect::MouseKind;
use crate::tui::key::Key;
use crate::tui::key::KeyCode;
use crossterm::event as raw;
use std::time::Duration;

/// Converts a mouse event; `None` for other buttons and plain movement.
pub(super) fn convert_mouse(mouse: raw::MouseEvent, at: Duration) -> Option<Mouse> {
    let kind = match mouse.kind {
        raw::MouseEventKind::Down(raw::MouseButton::Left) => MouseKind::Press,
        raw::MouseEventKind::Drag(raw::MouseButton::Left) => MouseKind::Drag,
        raw::MouseEventKind::Up(_) => MouseKind::Release,
        raw::MouseEventKind::ScrollUp => MouseKind::WheelUp,
        raw::MouseEventKind::ScrollDown => MouseKind::WheelDown,
        _ => return None,
    };
    Some(Mouse { kind, column: mouse.column, row: mouse.row, at })
}

/// Converts a key event; `None` for releases and lone modifiers.
pub(super) fn convert_key(key: raw::KeyEvent) -> Option<Key> {
    if key.kind == raw::KeyEventKind::Release {
        return None;
    }
    let code = match key.code {
        raw::KeyCode::Char(c) => KeyCode::Char(c),
        raw::KeyCode::Enter => KeyCode::Enter,
        raw::KeyCode::Esc => KeyCode::Esc,
        raw::KeyCode::Tab if key.modifiers.contains(raw::KeyModifiers::SHIFT) => KeyCode::BackTab,
        raw::KeyCode::Tab => KeyCode::Tab,
        raw::KeyCode::BackTab => KeyCode::BackTab,
        raw::KeyCode::Backspace => KeyCode::Backspace,
        raw::KeyCode::Delete => KeyCode::Delete,
        raw::KeyCode::Insert => KeyCode::Insert,
        raw::KeyCode::Up => KeyCode::Up,
        raw::KeyCode::Down => KeyCode::Down,
        raw::KeyCode::Left => KeyCode::Left,
        raw::KeyCode::Right => KeyCode::Right,
        raw::KeyCode::Home => KeyCode::Home,
        raw::KeyCode::End => KeyCode::End,
        raw::KeyCode::PageUp => KeyCode::PageUp,
        raw::KeyCode::PageDown => KeyCode::PageDown,
        raw::KeyCode::F(n) => KeyCode::F(n),
        _ => return None,
    };
    let typed = matches!(code, KeyCode::Char(_) | KeyCode::BackTab);
    Some(Key {
        code,
        ctrl: key.modifiers.contains(raw::KeyModifiers::CONTROL),
        alt: key.modifiers.contains(raw::KeyModifiers::ALT),
        shift: !typed && key.modifiers.contains(raw::KeyModifiers::SHIFT),
    })
}
