//! The queues that a name in `app.json` stands for.

use function_json::{expand_all, settings_in};

use crate::Settings;

/// One queue, or one for each value of the setting that the name has in percent signs: `orders-%REGION%` is a queue for
/// each region in the setting `REGIONS`, separated by commas, and for that in `REGION` where there is no such list. A name
/// whose setting is missing stays as it is, and is refused by the queue service.
pub(super) fn queues_of(name: &str, settings: &Settings) -> Vec<String> {
    let Some(setting) = settings_in(name).next() else { return vec![name.to_owned()] };
    let values = settings.get(&format!("{setting}S")).or_else(|| settings.get(setting));
    let Some(values) = values else { return vec![name.to_owned()] };
    let with = |value: &str| {
        expand_all(name, |found| match found == setting {
            true => value.to_owned(),
            false => settings.get(found).unwrap_or_default(),
        })
    };
    values.split(',').map(str::trim).filter(|value| !value.is_empty()).map(with).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_with_a_setting_is_a_queue_for_each_of_its_values() {
        let settings =
            Settings::of([("REGION", "north"), ("REGIONS", "north, south"), ("ONE", "1")]);
        assert_eq!(queues_of("orders", &settings), ["orders"]);
        assert_eq!(queues_of("x-%REGION%-poison", &settings), ["x-north-poison", "x-south-poison"]);
        assert_eq!(queues_of("x-%ONE%", &settings), ["x-1"]);
        assert_eq!(queues_of("x-%NONE%", &settings), ["x-%NONE%"]);
    }
}
