//! Which font a character is looked for in first.

/// A font that is shipped: a file of the folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Font {
    Latin,
    LatinBold,
    Arabic,
    Devanagari,
    Hebrew,
    Thai,
    Cjk,
}

impl Font {
    /// In the order in which a character that its own font lacks is looked for.
    pub(crate) const ALL: [Self; 7] = [
        Self::Latin,
        Self::LatinBold,
        Self::Hebrew,
        Self::Arabic,
        Self::Devanagari,
        Self::Thai,
        Self::Cjk,
    ];

    pub(crate) fn file(self) -> &'static str {
        match self {
            Self::Latin => "NotoSans-Regular.ttf",
            Self::LatinBold => "NotoSans-Bold.ttf",
            Self::Arabic => "NotoSansArabic-Regular.ttf",
            Self::Devanagari => "NotoSansDevanagari-Regular.ttf",
            Self::Hebrew => "NotoSansHebrew-Regular.ttf",
            Self::Thai => "NotoSansThai-Regular.ttf",
            Self::Cjk => "DroidSansFallback.ttf",
        }
    }

    /// The font of a character's script. What belongs to several scripts, such as figures and points, is Latin.
    pub(crate) fn of(character: char, bold: bool) -> Self {
        let own = SCRIPTS
            .iter()
            .find(|(first, last, _)| (*first..=*last).contains(&character))
            .map(|(_, _, font)| *font);
        match own {
            Some(font) => font,
            None if bold => Self::LatinBold,
            None => Self::Latin,
        }
    }
}

/// Blocks of Unicode, first and last character, by their order there.
const SCRIPTS: [(char, char, Font); 18] = [
    ('\u{590}', '\u{5ff}', Font::Hebrew),
    ('\u{600}', '\u{6ff}', Font::Arabic),
    ('\u{750}', '\u{77f}', Font::Arabic),
    ('\u{8a0}', '\u{8ff}', Font::Arabic),
    ('\u{900}', '\u{97f}', Font::Devanagari),
    ('\u{e00}', '\u{e7f}', Font::Thai),
    ('\u{1100}', '\u{11ff}', Font::Cjk),
    ('\u{1cd0}', '\u{1cff}', Font::Devanagari),
    ('\u{2e80}', '\u{9fff}', Font::Cjk),
    ('\u{a8e0}', '\u{a8ff}', Font::Devanagari),
    ('\u{a960}', '\u{a97f}', Font::Cjk),
    ('\u{ac00}', '\u{d7ff}', Font::Cjk),
    ('\u{f900}', '\u{faff}', Font::Cjk),
    ('\u{fb1d}', '\u{fb4f}', Font::Hebrew),
    ('\u{fb50}', '\u{fdff}', Font::Arabic),
    ('\u{fe30}', '\u{fe4f}', Font::Cjk),
    ('\u{fe70}', '\u{fefe}', Font::Arabic),
    ('\u{ff00}', '\u{ffef}', Font::Cjk),
];

/// What is written without gaps between words, so that a line may end after each character. Korean has gaps.
pub(crate) fn is_without_gaps(character: char) -> bool {
    let is_hangul = matches!(
        character,
        '\u{1100}'..='\u{11ff}' | '\u{3130}'..='\u{318f}' | '\u{a960}'..='\u{a97f}' | '\u{ac00}'..='\u{d7ff}'
    );
    !is_hangul && Font::of(character, false) == Font::Cjk
}

/// What only joins its neighbours, hides, or stands above and below a letter: it stays in the font of what is before it.
pub(crate) fn follows(character: char) -> bool {
    matches!(
        character,
        ' ' | '\u{300}'..='\u{36f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}'
            | '\u{fe00}'..='\u{fe0f}' | '\u{ad}'
    )
}

/// What no font has to have, since nothing is drawn for it.
pub(crate) fn is_hidden(character: char) -> bool {
    character != ' ' && follows(character) && !matches!(character, '\u{300}'..='\u{36f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_character_is_looked_for_in_the_font_of_its_script() {
        for (character, font) in [
            ('a', Font::Latin),
            ('Ω', Font::Latin),
            ('Ж', Font::Latin),
            ('7', Font::Latin),
            ('א', Font::Hebrew),
            ('ع', Font::Arabic),
            ('क', Font::Devanagari),
            ('ไ', Font::Thai),
            ('語', Font::Cjk),
            ('の', Font::Cjk),
            ('한', Font::Cjk),
            ('（', Font::Cjk),
        ] {
            assert_eq!(Font::of(character, false), font, "{character}");
        }
        assert_eq!(Font::of('a', true), Font::LatinBold);
        assert_eq!(Font::of('א', true), Font::Hebrew);
    }

    #[test]
    fn scripts_are_in_order_and_do_not_overlap() {
        for pair in SCRIPTS.windows(2) {
            assert!(pair[0].0 <= pair[0].1 && pair[0].1 < pair[1].0, "{pair:?}");
        }
    }
}
