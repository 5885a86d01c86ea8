//! The handler's command line. The real host joins all arguments into one text and .NET takes it apart again, so an
//! argument with a space in `host.json` becomes two unless it carries quotes of its own.

/// Takes a command line apart as .NET does on Unix (`ProcessStartInfo.Arguments`): spaces and tabs separate, double
/// quotes group, `""` inside quotes is a quote, and backslashes escape only before a quote.
pub(super) fn split(line: &str) -> Vec<String> {
    let mut arguments = Vec::new();
    let mut rest = line.chars().peekable();
    loop {
        while rest.next_if(|c| is_separator(*c)).is_some() {}
        if rest.peek().is_none() {
            return arguments;
        }
        arguments.push(one(&mut rest));
    }
}

fn is_separator(c: char) -> bool {
    c == ' ' || c == '\t'
}

fn one(rest: &mut std::iter::Peekable<std::str::Chars<'_>>) -> String {
    let mut argument = String::new();
    let mut quoted = false;
    while let Some(c) = rest.next_if(|c| quoted || !is_separator(*c)) {
        match c {
            '\\' => {
                let mut backslashes = 1;
                while rest.next_if_eq(&'\\').is_some() {
                    backslashes += 1;
                }
                if rest.peek() == Some(&'"') {
                    argument.extend(std::iter::repeat_n('\\', backslashes / 2));
                    if backslashes % 2 == 1 {
                        rest.next();
                        argument.push('"');
                    }
                } else {
                    argument.extend(std::iter::repeat_n('\\', backslashes));
                }
            }
            '"' if quoted && rest.next_if_eq(&'"').is_some() => argument.push('"'),
            '"' => quoted = !quoted,
            other => argument.push(other),
        }
    }
    argument
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn a_line_is_taken_apart_as_dot_net_does() {
        let cases: [(&str, &[&str]); 9] = [
            ("", &[]),
            ("  --x  1\t2 ", &["--x", "1", "2"]),
            (r#""a b" c"#, &["a b", "c"]),
            (r#"--name="a b""#, &["--name=a b"]),
            (r#""" x"#, &["", "x"]),
            (r#""say ""hi""""#, &[r#"say "hi""#]),
            (r#"\"x\""#, &[r#""x""#]),
            (r"C:\dir\file", &[r"C:\dir\file"]),
            (r#"a\\"b c""#, &[r"a\b c"]),
        ];
        for (line, expected) in cases {
            assert_eq!(split(line), expected, "{line}");
        }
    }
}
