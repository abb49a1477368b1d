package autark.checks.program;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A JSON value as it is spelled, but for white space between tokens: what a parser and a writer
/// would change (escapes, the digits of numbers, the order of members) is kept. For trusted files.
record RawJson(String text, Map<String, RawJson> members, List<RawJson> items) {

    RawJson member(String name) {
        RawJson member = members.get(name);
        if (member == null) {
            throw new IllegalArgumentException("no member " + name);
        }
        return member;
    }

    static RawJson parse(String text) {
        return new Reader(text).value();
    }

    private static final class Reader {
        private final String text;
        private int at;

        Reader(String text) {
            this.text = text;
        }

        private char next() {
            while (Character.isWhitespace(text.charAt(at))) {
                at++;
            }
            return text.charAt(at);
        }

        RawJson value() {
            return switch (next()) {
                case '{' -> object();
                case '[' -> array();
                case '"' -> new RawJson(string(), Map.of(), List.of());
                default -> new RawJson(word(), Map.of(), List.of());
            };
        }

        private RawJson object() {
            Map<String, RawJson> members = new LinkedHashMap<>();
            List<String> parts = new ArrayList<>();
            at++;
            while (next() != '}') {
                String key = string();
                next();
                at++;
                RawJson value = value();
                members.put(key.substring(1, key.length() - 1), value);
                parts.add(key + ":" + value.text());
                comma();
            }
            at++;
            return new RawJson("{" + String.join(",", parts) + "}", members, List.of());
        }

        private RawJson array() {
            List<RawJson> items = new ArrayList<>();
            List<String> parts = new ArrayList<>();
            at++;
            while (next() != ']') {
                RawJson item = value();
                items.add(item);
                parts.add(item.text());
                comma();
            }
            at++;
            return new RawJson("[" + String.join(",", parts) + "]", Map.of(), items);
        }

        private void comma() {
            if (next() == ',') {
                at++;
                next();
            }
        }

        private String string() {
            int start = at++;
            while (text.charAt(at) != '"') {
                at += text.charAt(at) == '\\' ? 2 : 1;
            }
            at++;
            return text.substring(start, at);
        }

        private String word() {
            int start = at;
            while (at < text.length() && ",]} \t\r\n".indexOf(text.charAt(at)) < 0) {
                at++;
            }
            return text.substring(start, at);
        }
    }
}
