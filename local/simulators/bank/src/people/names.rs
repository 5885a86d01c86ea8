//! What people, companies and shops are called: in several scripts, with emoji, nobody's real name.

use super::draw::Draw;

const GIVEN: [&str; 24] = [
    "Åsa",
    "Birgit",
    "Cécile",
    "Dörte",
    "Emre",
    "Frøya",
    "Günther",
    "Hjördis",
    "Ilse",
    "Jürgen",
    "Kateřina",
    "Łukasz",
    "Małgorzata",
    "Nadège",
    "Øystein",
    "Paweł",
    "Quirin",
    "Réka",
    "Søren",
    "Þóra",
    "Umut",
    "Veronika",
    "Wiebke",
    "Zoë",
];
const FAMILY_BEGINNINGS: [&str; 20] = [
    "Halv", "Kvist", "Bränd", "Sten", "Moor", "Grau", "Über", "Lund", "Ask", "Fjell", "Hvid",
    "Køn", "Lärch", "Næs", "Ost", "Rüb", "Skov", "Torn", "Väst", "Wiek",
];
const FAMILY_ENDINGS: [&str; 16] = [
    "holt", "marken", "gren", "bæk", "stätter", "sund", "wurzel", "lykke", "hausen", "strøm",
    "kvist", "feld", "berga", "mühle", "dal", "rød",
];
const ARABIC_GIVEN: [&str; 8] = ["نور", "ليلى", "يوسف", "مريم", "طارق", "سلمى", "هدى", "كريم"];
const ARABIC_FAMILY: [&str; 8] =
    ["الزهراني", "البستاني", "النجار", "الحداد", "الخياط", "المصري", "الشامي", "العطار"];
const HEBREW_GIVEN: [&str; 8] = ["יעל", "נועם", "תמר", "אורי", "שירה", "איתן", "מאיה", "דוד"];
const HEBREW_FAMILY: [&str; 8] = ["כרמלי", "שדה", "אלון", "גולן", "ברק", "נחל", "רותם", "סלע"];
const EMOJI: [&str; 8] = ["🦊", "🌻", "🚲", "🎲", "🐳", "🍀", "👩🏽‍🚀", "🏳️‍🌈"];
const TRADES: [&str; 8] = [
    "Werft",
    "Bäckerei",
    "Gärtnerei",
    "Papirfabrik",
    "Tischlerei",
    "Spedition",
    "Optik",
    "Snickeri",
];
const SHOPS: [&str; 14] = [
    "Kiosk Nord",
    "Café Søndag",
    "Markt am Eck",
    "Boulangerie Étoile",
    "Grøn Købmand",
    "Tankhof Süd",
    "Bücherstube",
    "Konditori Äpplet",
    "Pizzeria 🍕 Da Noi",
    "Apotek Havnen",
    "Radhaus 🚲",
    "Kino Lux",
    "Schuhwerk",
    "Blumen 🌷 Weber & Söhne",
];

/// How a name is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Script {
    Latin,
    Emoji,
    Arabic,
    Hebrew,
}

/// A person's name in some script.
pub(crate) fn anybody(draw: Draw) -> String {
    let script = match draw.then(1).below(10) {
        0 | 1 => Script::Emoji,
        2 => Script::Arabic,
        3 => Script::Hebrew,
        _ => Script::Latin,
    };
    person(draw, script)
}

/// A person's name in this script.
pub(crate) fn person(draw: Draw, script: Script) -> String {
    let pick = |place, list: &[&'static str]| *draw.then(place).one_of(list);
    match script {
        Script::Latin => format!("{} {}", pick(2, &GIVEN), family(draw)),
        Script::Emoji => format!("{} {} {}", pick(2, &GIVEN), pick(5, &EMOJI), family(draw)),
        Script::Arabic => format!("{} {}", pick(2, &ARABIC_GIVEN), pick(3, &ARABIC_FAMILY)),
        Script::Hebrew => format!("{} {}", pick(2, &HEBREW_GIVEN), pick(3, &HEBREW_FAMILY)),
    }
}

fn family(draw: Draw) -> String {
    let beginning = draw.then(3).one_of(&FAMILY_BEGINNINGS);
    format!("{beginning}{}", draw.then(4).one_of(&FAMILY_ENDINGS))
}

/// A company that pays salaries and invoices, or is paid by direct debit.
pub(crate) fn company(draw: Draw) -> String {
    format!("{} {} GmbH", draw.then(6).one_of(&TRADES), family(draw))
}

/// A shop that takes cards.
pub(crate) fn shop(draw: Draw) -> &'static str {
    draw.one_of::<&str>(&SHOPS)
}
