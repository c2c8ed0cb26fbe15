//! The bracket that has no partner, in a text that is not TOML: a parser notices it only lines later.

use crate::source::Span;
use toml_parser::Source;
use toml_parser::lexer::{Token, TokenKind};

/// A bracket without a partner.
pub(super) struct Unpaired {
    pub(super) at: Span,
    pub(super) message: String,
    /// Where it shows.
    pub(super) other: Option<(Span, &'static str)>,
    pub(super) help: &'static str,
    /// What the parser says from here on follows from it.
    pub(super) from: usize,
}

/// The first bracket without a partner; `None` where all pair.
///
/// A line that begins with a key or a table's name ends every array, and the end of a line every `{`: neither can go on
/// there.
pub(super) fn unpaired(text: &str) -> Option<Unpaired> {
    let tokens: Vec<Token> = Source::new(text).lex().collect();
    let mut open: Vec<Token> = Vec::new();
    let mut line = 0;
    for (index, token) in tokens.iter().enumerate() {
        let rest = tokens.get(index..).unwrap_or_default();
        if index == line && open.last().is_some_and(|_| begins_a_statement(rest, text)) {
            return open
                .pop()
                .map(|opening| not_closed(text, opening, Some((span(*token), "it has to end before this"))));
        }
        match token.kind() {
            TokenKind::LeftSquareBracket | TokenKind::LeftCurlyBracket => open.push(*token),
            TokenKind::RightSquareBracket | TokenKind::RightCurlyBracket => match open.pop() {
                Some(opening) if closes(opening.kind()) == token.kind() => {}
                opening => return Some(closes_another(text, *token, opening)),
            },
            TokenKind::Newline | TokenKind::Comment => {
                if let Some(opening) = open.last().filter(|opening| opening.kind() == TokenKind::LeftCurlyBracket) {
                    return Some(not_closed(text, *opening, None));
                }
                line = index + 1;
            }
            TokenKind::Whitespace if index == line => line = index + 1,
            _ => {}
        }
    }
    open.pop().map(|opening| not_closed(text, opening, None))
}

fn span(token: Token) -> Span {
    Span { start: token.span().start(), end: token.span().end() }
}

fn closes(opening: TokenKind) -> TokenKind {
    if opening == TokenKind::LeftCurlyBracket { TokenKind::RightCurlyBracket } else { TokenKind::RightSquareBracket }
}

fn not_closed(text: &str, opening: Token, other: Option<(Span, &'static str)>) -> Unpaired {
    let at = span(opening);
    Unpaired {
        at,
        message: format!("this `{}` is not closed", text.get(at.start..at.end).unwrap_or_default()),
        other,
        help: if opening.kind() == TokenKind::LeftCurlyBracket {
            "close it by `}` on its line"
        } else {
            "close it by `]`"
        },
        from: at.start,
    }
}

fn closes_another(text: &str, token: Token, opening: Option<Token>) -> Unpaired {
    let word = |token: Token| text.get(span(token).start..span(token).end).unwrap_or_default();
    let message = match opening {
        Some(opening) => format!("`{}` cannot close `{}`", word(token), word(opening)),
        None => format!("this `{}` closes nothing", word(token)),
    };
    Unpaired {
        at: span(token),
        message,
        other: opening.map(|opening| (span(opening), "open since here")),
        help: "every `[` is closed by `]` and every `{` by `}`, the inner ones first",
        from: opening.map_or_else(|| start_of_line(text, span(token).start), |opening| span(opening).start),
    }
}

fn start_of_line(text: &str, at: usize) -> usize {
    text.get(..at).and_then(|before| before.rfind('\n')).map_or(0, |end| end + 1)
}

/// Whether a line begins with `key =` or `[name]`: neither stands in an array.
fn begins_a_statement(line: &[Token], text: &str) -> bool {
    let mut kinds = line.iter().filter(|token| token.kind() != TokenKind::Whitespace).copied().peekable();
    let mut brackets = 0;
    while kinds.next_if(|token| token.kind() == TokenKind::LeftSquareBracket).is_some() {
        brackets += 1;
    }
    let is_name = |token: &Token| {
        let word = text.get(span(*token).start..span(*token).end).unwrap_or_default();
        token.kind() == TokenKind::Atom
            && word.starts_with(|c: char| c.is_ascii_alphabetic())
            && !matches!(word, "true" | "false" | "inf" | "nan")
    };
    let is_quoted = |token: &Token| matches!(token.kind(), TokenKind::BasicString | TokenKind::LiteralString);
    let first = kinds.next();
    if !first.is_some_and(|token| is_name(&token) || (brackets == 0 && is_quoted(&token))) {
        return false;
    }
    while kinds.next_if(|token| token.kind() == TokenKind::Dot || is_name(token) || is_quoted(token)).is_some() {}
    let end = if brackets == 0 { TokenKind::Equals } else { TokenKind::RightSquareBracket };
    kinds.next().is_some_and(|token| token.kind() == end)
}
