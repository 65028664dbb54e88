//! Arbitrary speeches on the reader's screen: only text and known escape sequences are sent to the
//! terminal.

use pizhu::harness as view;
use pizhu::harness::AppEvent;
use pizhu::harness::Language;
use pizhu::harness::LibraryScreen;
use pizhu::harness::Locale;
use pizhu::harness::Origin;
use pizhu::harness::ReaderScreen;
use pizhu::harness::RenderContext;
use pizhu::harness::Settings;
use pizhu::harness::Size;
use pizhu::harness::State;
use pizhu::harness::StyleContext;
use pizhu::harness::Theme;
use pizhu::harness::default_keymap;
use pizhu::harness::parse_sequence;
use pizhu::harness::update;
use pizhu_terminal::Colors;
use pizhu_terminal::Screen;
use pizhu_terminal::Widths;
use pizhu_text::document;
use pizhu_text::document::Hints;
use pizhu_text::layout;
use pizhu_text::layout::LayoutStyle;
use pizhu_text::text::decode;
use pizhu_text::text::width::AmbiguousWidth;
use std::sync::Arc;

/// Keys that show all kinds of rows and panes.
const KEYS: [&str; 10] = ["j", "<C-d>", "vj", "<Esc>", "G", "gg", "o", "/一", "<Enter>", "?"];

/// Decodes, cleans, parses, lays out and draws `bytes`; the first two bytes set the screen size and
/// width mode.
pub fn screen(bytes: &[u8]) {
    let [first, second, text @ ..] = bytes else { return };
    let widths = [Widths::Unknown, Widths::Narrow, Widths::Wide][usize::from(first % 3)];
    let size = Size { width: 20 + u16::from(*second) % 120, height: 6 + u16::from(*first) % 40 };
    let document = document::parse(decode::decode(text, None).source, &Hints::default());
    let style = LayoutStyle {
        width: 8 + u16::from(*second) % 60,
        ambiguous: widths.ambiguous(),
        hanging: second % 2 == 0,
        ..LayoutStyle::default()
    };
    for (index, paragraph) in document.paragraphs.iter().enumerate() {
        for segment in layout::segments(&document, index) {
            for row in layout::lay_out(&document, segment, paragraph.kind, document.begins_paragraph(segment.start), &style) {
                assert!(row.width() <= style.width + if style.hanging { 2 } else { 0 });
            }
        }
    }
    let Ok(keymap) = default_keymap() else { return };
    let settings = Settings { column_width: style.width / 2, ..Settings::default() };
    let mut state = State::new(size, LibraryScreen::default(), settings);
    state.display_options.style.ambiguous = style.ambiguous;
    state.last_opening = 1;
    let origin = Origin { path: "a\u{1b}[31m.txt".into(), encoding: "UTF-8", ..Origin::default() };
    state.show_reader(ReaderScreen::new(1, origin, Arc::new(document), state.display_options.style, state.display_options.spacing));
    let theme = Theme::built_in("dark").unwrap_or_else(|_| Theme::plain());
    let ambiguous = if widths == Widths::Narrow { AmbiguousWidth::Narrow } else { AmbiguousWidth::Wide };
    let ctx = RenderContext {
        styles: StyleContext { theme: &theme, ambiguous },
        locale: Locale::new(Language::default()),
        frames: true,
        keymap: &keymap,
    };
    let mut screen = Screen::new(Vec::new(), (size.width, size.height).into(), Colors::True, widths);
    for keys in KEYS {
        assert!(screen.draw(|buffer| view::draw(&state, ctx, buffer)).is_ok());
        for key in parse_sequence(keys).unwrap_or_default() {
            update(&mut state, &keymap, AppEvent::Key(key), &mut Vec::new());
        }
    }
    assert!(screen.draw(|buffer| view::draw(&state, ctx, buffer)).is_ok() && screen.probe_widths().is_ok());
    check_sent(&String::from_utf8_lossy(screen.get_ref()));
}

/// Checks output sent to a terminal: text, colours, cursor movement, known modes, scroll regions.
///
/// # Panics
/// If it contains anything else.
pub fn check_sent(sent: &str) {
    let mut rest = sent;
    while let Some(at) = rest.find(|c: char| c.is_control() || is_format_char(c)) {
        let sequence = rest[at..].strip_prefix("\x1b[").unwrap_or_else(|| panic!("{:?} is sent", rest[at..].chars().next()));
        let end = sequence.find(|c: char| !matches!(c, '0'..='9' | ';' | '?')).unwrap_or(sequence.len());
        let (parameters, last) = (&sequence[..end], sequence[end..].chars().next());
        let allowed = match last {
            Some('h' | 'l') => matches!(parameters, "?2026" | "?25"),
            Some('m' | 'H' | 'r') => !parameters.contains('?'),
            Some('G' | 'S' | 'T') => parameters.bytes().all(|byte| byte.is_ascii_digit()),
            Some('K') => parameters.is_empty(),
            Some('n') => parameters == "6",
            _ => false,
        };
        assert!(allowed, "ESC [ {parameters} {last:?} is sent");
        rest = &sequence[end + 1..];
    }
}

/// Whether a char is not a control character but may still affect the terminal: bidirectional
/// formatting and invisible characters.
fn is_format_char(c: char) -> bool {
    matches!(c, '\u{61C}' | '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E007F}')
}
