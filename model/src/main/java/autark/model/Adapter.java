package autark.model;

import autark.model.file.Gguf;
import autark.model.file.ModelFormatException;
import autark.model.file.PeftConfig;
import autark.model.file.TensorFile;
import autark.model.file.TensorInfo;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// An open low-rank adapter (LoRA, Hu et al. 2021) of one base model: for some of its projections a
/// pair of small matrices, so that `y = W x + scale * B (A x)`.
///
/// All names, shapes and types are checked against the base before [#open] returns; the weights are
/// read later. The two formats differ in how they name the projections and tell the scale, see
/// [AdapterFormat].
final class Adapter implements AutoCloseable {
    private static final String OUTPUT = "output.weight";

    /// The projections of a layer, and that to the vocabulary.
    private static final Set<String> ADAPTABLE =
            Set.of(
                    "attn_q.weight",
                    "attn_k.weight",
                    "attn_v.weight",
                    "attn_qkv.weight",
                    "attn_output.weight",
                    "ffn_gate.weight",
                    "ffn_up.weight",
                    "ffn_down.weight",
                    "ffn_gate_inp.weight",
                    "ffn_gate_exps.weight",
                    "ffn_up_exps.weight",
                    "ffn_down_exps.weight",
                    OUTPUT);

    /// Dimensions of a tensor that holds the experts of a layer.
    private static final int STACK_DIMS = 3;

    private final Optional<TensorFile> file;
    private final Map<String, AdapterPair> pairs;
    private final String content;

    private Adapter(Optional<TensorFile> file, Map<String, AdapterPair> pairs, String content) {
        this.file = file;
        this.pairs = pairs;
        this.content = content;
    }

    /// The adapter that adapts nothing.
    static Adapter none() {
        return new Adapter(Optional.empty(), Map.of(), "");
    }

    /// The adapter that the options name, if any.
    static Adapter open(ModelOptions options, Gguf base, Config config) {
        return options.adapter().map(path -> open(path, base, config)).orElseGet(Adapter::none);
    }

    /// Opens an adapter: a GGUF file, or a folder of the PEFT library or the weights in it.
    ///
    /// @param base the model that it adapts, open
    /// @throws ModelFormatException if it is no adapter, is damaged, does not fit the base, or asks
    ///   for what cannot be honoured
    static Adapter open(Path path, Gguf base, Config config) {
        AdapterFormat format = AdapterFormat.open(path, config);
        try {
            return new Adapter(
                    Optional.of(format.file()), pairs(format, base), format.configSha256());
        } catch (RuntimeException | Error e) {
            format.file().close();
            throw e;
        }
    }

    /// The two matrices of a module as they are found.
    private static final class Halves {
        private Optional<TensorInfo> a = Optional.empty();
        private Optional<TensorInfo> b = Optional.empty();
    }

    private static Map<String, AdapterPair> pairs(AdapterFormat format, Gguf base) {
        Map<String, Halves> modules = new LinkedHashMap<>();
        for (TensorInfo tensor : format.file().tensors()) {
            String name = tensor.name();
            if (name.endsWith(format.suffixOfA())) {
                halves(modules, name, format.suffixOfA()).a = Optional.of(tensor);
            } else if (name.endsWith(format.suffixOfB())) {
                halves(modules, name, format.suffixOfB()).b = Optional.of(tensor);
            } else {
                throw format.error(
                        name,
                        "found a tensor that Autark cannot honour, expected names that end with %s or %s"
                                .formatted(format.suffixOfA(), format.suffixOfB()));
            }
        }
        if (modules.isEmpty()) {
            throw new ModelFormatException(
                    "%s: found no tensor, expected those of an adapter"
                            .formatted(format.file().path()));
        }
        Map<String, AdapterPair> pairs = new HashMap<>();
        modules.forEach((module, halves) -> {
            TensorInfo a = halves.a.orElseThrow(() -> missing(format, module, format.suffixOfA()));
            TensorInfo b = halves.b.orElseThrow(() -> missing(format, module, format.suffixOfB()));
            AdapterFormat.Place place = format.place(module);
            new Fitting(format, module, place, weight(format, base, module, place), a, b)
                    .addTo(pairs);
        });
        return pairs;
    }

    private static Halves halves(Map<String, Halves> modules, String name, String suffix) {
        String module = name.substring(0, name.length() - suffix.length());
        return modules.computeIfAbsent(module, _ -> new Halves());
    }

    private static ModelFormatException missing(
            AdapterFormat format, String module, String suffix) {
        return format.error(
                module, "found no tensor %s%s, expected the pair".formatted(module, suffix));
    }

    /// The projection of the base that a pair is for.
    private static TensorInfo weight(
            AdapterFormat format, Gguf base, String module, AdapterFormat.Place place) {
        String name = place.tensor();
        String kind = name.startsWith("blk.") ? name.substring(name.indexOf('.', 4) + 1) : name;
        if (!ADAPTABLE.contains(kind)) {
            throw format.error(
                    module,
                    "found a pair for %s, expected one for one of %s"
                            .formatted(name, ADAPTABLE.stream().sorted().toList()));
        }
        return base.tensor(name)
                .orElseThrow(() ->
                        format.error(
                                module,
                                "found no tensor %s in %s, expected it; is the adapter for another model?"
                                        .formatted(name, base.path())));
    }

    /// A pair, and the projection that it has to fit.
    private record Fitting(
            AdapterFormat format,
            String module,
            AdapterFormat.Place place,
            TensorInfo weight,
            TensorInfo a,
            TensorInfo b) {
        /// Adds the pair; a stack of them, one for each expert, each by itself.
        void addTo(Map<String, AdapterPair> pairs) {
            check();
            boolean stacked = weight.shape().size() > 2;
            int first = place.expert().orElse(0);
            int count = stacked && place.expert().isEmpty() ? stackSize() : 1;
            int rank = (int) b.columns();
            int rows = (int) (weight.rows() / stackSize());
            float scale = format.scale(module, rank);
            for (int i = 0; i < count; i++) {
                AdapterPair pair =
                        new AdapterPair(
                                a,
                                (long) i * rank,
                                b,
                                (long) i * rows,
                                rows,
                                scale,
                                place.headDim());
                String target = stacked ? expert(weight.name(), first + i) : weight.name();
                if (pairs.putIfAbsent(target, pair) != null) {
                    throw format.error(module, "found a second pair for " + target);
                }
            }
        }

        private int stackSize() {
            return weight.shape().size() > 2 ? (int) (long) weight.shape().getLast() : 1;
        }

        private void check() {
            checkType(a);
            checkType(b);
            long rank = b.columns();
            if (rank > PeftConfig.RANK_MAX) {
                throw format.error(
                        b.name(),
                        "found rank %d, expected at most %d".formatted(rank, PeftConfig.RANK_MAX));
            }
            int dims = weight.shape().size();
            int expert = place.expert().orElse(0);
            boolean placed = place.expert().isEmpty() || dims == STACK_DIMS;
            if (dims < 2 || dims > STACK_DIMS || !placed || expert >= stackSize()) {
                throw format.error(
                        module,
                        "found the base's %s of shape %s, which the pair cannot be for"
                                .formatted(weight.name(), weight.shapeText()));
            }
            List<Long> shapeOfA = new ArrayList<>(List.of(weight.columns(), rank));
            List<Long> shapeOfB = new ArrayList<>(List.of(rank, weight.shape().get(1)));
            if (dims == STACK_DIMS && place.expert().isEmpty()) {
                shapeOfA.add(weight.shape().getLast());
                shapeOfB.add(weight.shape().getLast());
            }
            checkShape(a, shapeOfA);
            checkShape(b, shapeOfB);
            if (place.headDim() > 0
                    && (place.headDim() % 2 != 0 || weight.rows() % place.headDim() != 0)) {
                throw format.error(
                        module,
                        "found heads of %d rows in %s of %d, expected an even divisor"
                                .formatted(place.headDim(), weight.name(), weight.rows()));
            }
        }

        private void checkType(TensorInfo tensor) {
            if (!tensor.type().isFloat()) {
                throw format.error(
                        tensor.name(),
                        "found type %s, expected F32, F16 or BF16".formatted(tensor.type()));
            }
        }

        private void checkShape(TensorInfo tensor, List<Long> expected) {
            if (!tensor.shape().equals(expected)) {
                throw format.error(
                        tensor.name(),
                        "found shape %s, expected %s for %s of %s in the base model"
                                .formatted(
                                        tensor.shape(),
                                        expected,
                                        weight.name(),
                                        weight.shapeText()));
            }
        }
    }

    /// How [#pair] calls one of the experts in a tensor.
    static String expert(String tensor, int expert) {
        return tensor + "/" + expert;
    }

    /// What adapts a projection.
    ///
    /// @param target tensor of the base model, or as [#expert] calls one
    Optional<AdapterPair> pair(String target) {
        return Optional.ofNullable(pairs.get(target));
    }

    /// The file of the weights.
    ///
    /// @throws IllegalStateException if this is [#none]
    TensorFile file() {
        return file.orElseThrow(() -> new IllegalStateException("there is no adapter"));
    }

    AdapterRanks ranks() {
        int layers = 0;
        int output = 0;
        for (Map.Entry<String, AdapterPair> entry : pairs.entrySet()) {
            int rank = entry.getValue().rank();
            if (entry.getKey().equals(OUTPUT)) {
                output = rank;
            } else {
                layers = Math.max(layers, rank);
            }
        }
        return new AdapterRanks(layers, output);
    }

    /// Bytes of all pairs in tiles of `lanes` rows. A pair whose projection the loader splits may
    /// take a few rows more.
    long bytes(int lanes) {
        return pairs.values().stream().mapToLong(pair -> pair.bytes(lanes)).sum();
    }

    /// Names the content: SHA-256 of the file, and of the configuration beside it if there is one;
    /// empty for [#none]. It reads the whole file.
    String content() {
        return file.map(weights -> weights.sha256() + content).orElse("");
    }

    @Override
    public void close() {
        file.ifPresent(TensorFile::close);
    }
}
