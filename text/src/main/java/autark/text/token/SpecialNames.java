package autark.text.token;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// What a vocabulary's special tokens are for, as far as their names tell. Model files name few of
/// them by id, so llama.cpp recognises the rest by their texts; the same names are used here.
final class SpecialNames {
    /// Each of these ends a model's turn.
    private static final List<String> TURN_ENDS =
            List.of(
                    "<|eot_id|>",
                    "<|im_end|>",
                    "<|end|>",
                    "<|return|>",
                    "<|call|>",
                    "<|flush|>",
                    "<|calls|>",
                    "<end_of_turn>",
                    "<|endoftext|>",
                    "</s>",
                    "<|eom_id|>",
                    "<EOT>",
                    "_<EOT>",
                    "[EOT]",
                    "[EOS]",
                    "<|end_of_text|>",
                    "<end_of_utterance>",
                    "<eos>",
                    "<turn|>",
                    "<|tool_response>",
                    "<｜end▁of▁sentence｜>",
                    "[e~[");

    /// The first of each that a vocabulary has takes the role, unless the file names one by id.
    private static final Map<SpecialRole, List<String>> BY_ROLE =
            Map.of(
                    SpecialRole.END_OF_TURN,
                    List.of(
                            "<|eot_id|>",
                            "<|im_end|>",
                            "<|end|>",
                            "<end_of_turn>",
                            "<|endoftext|>",
                            "<|end_of_text|>",
                            "<EOT>",
                            "_<EOT>",
                            "[EOT]",
                            "<｜end▁of▁sentence｜>",
                            "<end_of_utterance>"),
                    SpecialRole.END_OF_MESSAGE,
                    List.of("<|eom_id|>"),
                    SpecialRole.FIM_PREFIX,
                    List.of(
                            "<|fim_prefix|>",
                            "<fim-prefix>",
                            "<fim_prefix>",
                            "<｜fim▁begin｜>",
                            "<PRE>",
                            "▁<PRE>",
                            "<|code_prefix|>",
                            "<|prefix|>"),
                    SpecialRole.FIM_SUFFIX,
                    List.of(
                            "<|fim_suffix|>",
                            "<fim-suffix>",
                            "<fim_suffix>",
                            "<｜fim▁hole｜>",
                            "<SUF>",
                            "▁<SUF>",
                            "<|code_suffix|>",
                            "<|suffix|>"),
                    SpecialRole.FIM_MIDDLE,
                    List.of(
                            "<|fim_middle|>",
                            "<fim-middle>",
                            "<fim_middle>",
                            "<｜fim▁end｜>",
                            "<MID>",
                            "▁<MID>",
                            "<|code_middle|>",
                            "<|middle|>"),
                    SpecialRole.FIM_PADDING,
                    List.of("<|fim_pad|>", "<fim-pad>", "<fim_pad>", "<PAD>", "[PAD]"),
                    SpecialRole.FIM_REPOSITORY,
                    List.of("<|fim_repo|>", "<|repo_name|>", "<fim-repo>", "<REPO>", "<reponame>"),
                    SpecialRole.FIM_FILE_SEPARATOR,
                    List.of("<|file_sep|>"));

    /// Roles whose token ends a turn.
    private static final Set<SpecialRole> ENDING_ROLES =
            Set.of(
                    SpecialRole.END_OF_SEQUENCE,
                    SpecialRole.END_OF_TURN,
                    SpecialRole.END_OF_MESSAGE,
                    SpecialRole.FIM_PADDING,
                    SpecialRole.FIM_REPOSITORY,
                    SpecialRole.FIM_FILE_SEPARATOR);

    /// Shown like text by models whose templates speak of channels.
    private static final List<String> SHOWN =
            List.of("<|channel|>", "<|message|>", "<|start|>", "<|constrain|>");

    /// Tokens for the roles, and all tokens that end a turn.
    record Roles(Map<SpecialRole, Integer> tokens, Set<Integer> turnEnds) {}

    private SpecialNames() {}

    /// Completes what the file says by what the names say. A token that is recognised becomes a
    /// control token, whatever type the file gives it.
    ///
    /// @param given tokens for roles, all within the vocabulary
    static Roles resolve(TokenTable table, Map<SpecialRole, Integer> given) {
        Map<SpecialRole, Integer> tokens = new EnumMap<>(SpecialRole.class);
        tokens.putAll(given);
        for (Map.Entry<SpecialRole, List<String>> named : BY_ROLE.entrySet()) {
            List<Integer> found = present(table, named.getValue());
            if (!found.isEmpty() && tokens.putIfAbsent(named.getKey(), found.getFirst()) == null) {
                table.setType(found.getFirst(), TokenType.CONTROL);
            }
        }
        Set<Integer> turnEnds = new TreeSet<>();
        for (int token : present(table, TURN_ENDS)) {
            table.setType(token, TokenType.CONTROL);
            turnEnds.add(token);
        }
        for (int token : present(table, SHOWN)) {
            table.setType(token, TokenType.USER_DEFINED);
        }
        for (Map.Entry<SpecialRole, Integer> token : tokens.entrySet()) {
            if (ENDING_ROLES.contains(token.getKey())) {
                turnEnds.add(token.getValue());
            }
        }
        removeFalseEnds(table, turnEnds);
        return new Roles(Map.copyOf(tokens), Collections.unmodifiableSet(turnEnds));
    }

    private static List<Integer> present(TokenTable table, List<String> names) {
        List<Integer> tokens = new ArrayList<>();
        for (String name : names) {
            int token = table.find(name);
            if (token != StringIndex.ABSENT) {
                tokens.add(token);
            }
        }
        return tokens;
    }

    /// Where a model calls tools by tokens of their own, `<|end|>` ends a message but not the turn;
    /// and where it hands over to a tool, `</s>` is an HTML tag.
    private static void removeFalseEnds(TokenTable table, Set<Integer> turnEnds) {
        boolean calls = ends(table, turnEnds, "<|call|>") || ends(table, turnEnds, "<|calls|>");
        boolean afterCall =
                ends(table, turnEnds, "<|return|>") || ends(table, turnEnds, "<|flush|>");
        if (calls && afterCall) {
            remove(table, turnEnds, "<|end|>", TokenType.USER_DEFINED);
        }
        if (ends(table, turnEnds, "<|tool_response>")) {
            remove(table, turnEnds, "</s>", TokenType.NORMAL);
        }
    }

    private static boolean ends(TokenTable table, Set<Integer> turnEnds, String name) {
        return turnEnds.contains(table.find(name));
    }

    private static void remove(
            TokenTable table, Set<Integer> turnEnds, String name, TokenType typeThen) {
        int token = table.find(name);
        if (turnEnds.remove(token)) {
            table.setType(token, typeThen);
        }
    }
}
