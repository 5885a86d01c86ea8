//! The forms of a page, filled with marks.

use super::marking::kinds;
use crate::marked::Marks;

/// A form as a browser would send it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Form {
    /// Where it goes; none is the page itself.
    pub(super) action: Option<String>,
    pub(super) fields: Vec<(String, String)>,
}

/// Every form of a page that is posted, once for each of its buttons.
pub(super) fn forms(page: &str, marks: &Marks) -> Vec<Form> {
    let mut forms = Vec::new();
    for form in page.split("<form").skip(1) {
        let form = form.split("</form>").next().unwrap_or_default();
        let (opening, inside) = form.split_once('>').unwrap_or((form, ""));
        if !opening.to_lowercase().contains("post") {
            continue;
        }
        let action = attribute(opening, "action");
        let (mut fields, mut buttons) = (Vec::new(), Vec::new());
        for tag in inside.split('<').skip(1) {
            let tag = tag.split('>').next().unwrap_or_default();
            let Some(name) = attribute(tag, "name") else { continue };
            let value = attribute(tag, "value");
            match tag.split(' ').next().unwrap_or_default() {
                "button" => buttons.push((name, value.unwrap_or_default())),
                "input" if tag.contains("hidden") || tag.contains("checkbox") => {
                    fields.push((name, value.unwrap_or_default()));
                }
                _ => fields.push((name.clone(), marks.new_mark(kinds(&name)[0]))),
            }
        }
        if buttons.is_empty() {
            forms.push(Form { action: action.clone(), fields: fields.clone() });
        }
        for button in buttons {
            let fields = fields.iter().cloned().chain([button]).collect();
            forms.push(Form { action: action.clone(), fields });
        }
    }
    forms
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
    let value = rest.split('"').next()?;
    Some(value.replace("&#x2f;", "/").replace("&#47;", "/").replace("&amp;", "&"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use pretty_assertions::assert_eq;

    #[test]
    fn each_button_of_a_form_sends_its_fields_and_hidden_ones_stay() {
        let page = r#"<form method="get"><input name="q"></form><form class="row" method="post" action="/cakes">
            <input type="hidden" name="token" value="t-1"><label>Why <input name="why" maxlength="500"></label>
            <button name="action" value="bake">Bake</button><button name="action" value="eat">Eat</button></form>"#;
        let marks = Marks::new(7);
        let forms = forms(page, &marks);
        let why = marks.anywhere().remove(0);
        let form = |action: &str| Form {
            action: Some("/cakes".to_owned()),
            fields: [("token", "t-1"), ("why", why.as_str()), ("action", action)]
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .to_vec(),
        };
        assert_eq!(forms, [form("bake"), form("eat")]);
    }
}
