package autark.model.file;

import static org.assertj.core.api.Assertions.assertThat;

import autark.chip.quant.QuantType;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/// Compares the checked 64-bit arithmetic with arithmetic of unlimited size.
final class TensorLayoutTest {
    private static final int CASES = 50_000;
    private static final long SEED = 0x6767_7566L;

    private record Claim(int type, List<Long> shape, long offset) {}

    private record Layout(long fileBytes, long alignment, long headerBytes, List<Claim> claims) {}

    private final SplittableRandom random = new SplittableRandom(SEED);

    @Test
    void acceptsExactlyWhatUnlimitedArithmeticAccepts() {
        int accepted = 0;
        for (int i = 0; i < CASES; i++) {
            Layout layout = randomLayout();
            boolean expected = isRight(layout);
            assertThat(isAccepted(layout))
                    .as("case %d of seed %d: %s", i, SEED, layout)
                    .isEqualTo(expected);
            accepted += expected ? 1 : 0;
        }
        assertThat(accepted).isBetween(CASES / 10, CASES * 9 / 10);
    }

    private static boolean isAccepted(Layout layout) {
        TensorLayout checked =
                new TensorLayout(Path.of("layout"), layout.fileBytes(), layout.alignment());
        try {
            int index = 0;
            for (Claim claim : layout.claims()) {
                checked.add(0, "t" + index++, claim.type(), claim.shape(), claim.offset());
            }
            return checked.tensors(layout.headerBytes()).size() == layout.claims().size();
        } catch (ModelFormatException e) {
            return false;
        }
    }

    private record Range(BigInteger start, BigInteger end) {}

    private static boolean isRight(Layout layout) {
        BigInteger alignment = BigInteger.valueOf(layout.alignment());
        BigInteger start = alignUp(BigInteger.valueOf(layout.headerBytes()), alignment);
        List<Range> ranges = new ArrayList<>();
        for (Claim claim : layout.claims()) {
            QuantType type = QuantType.ofGgufId(claim.type()).orElseThrow();
            BigInteger elements = BigInteger.ONE;
            for (long extent : claim.shape()) {
                elements = elements.multiply(new BigInteger(Long.toUnsignedString(extent)));
            }
            BigInteger blockElements = BigInteger.valueOf(type.blockElements());
            BigInteger columns = new BigInteger(Long.toUnsignedString(claim.shape().getFirst()));
            if (elements.signum() == 0 || columns.mod(blockElements).signum() != 0) {
                return false;
            }
            BigInteger bytes =
                    elements.divide(blockElements).multiply(BigInteger.valueOf(type.blockBytes()));
            BigInteger offset = start.add(new BigInteger(Long.toUnsignedString(claim.offset())));
            ranges.add(new Range(offset, offset.add(bytes)));
        }
        ranges.sort(Comparator.comparing(Range::start));
        BigInteger expected = start;
        for (Range range : ranges) {
            if (!range.start().equals(expected)
                    || range.end().compareTo(BigInteger.valueOf(layout.fileBytes())) > 0) {
                return false;
            }
            expected = alignUp(range.end(), alignment);
        }
        return BigInteger.valueOf(layout.fileBytes()).compareTo(expected) <= 0;
    }

    private static BigInteger alignUp(BigInteger offset, BigInteger alignment) {
        return offset.add(alignment).subtract(BigInteger.ONE).divide(alignment).multiply(alignment);
    }

    /// A right layout, in most cases with one number of it made wrong.
    private Layout randomLayout() {
        long alignment = 1L << random.nextInt(3, 8);
        long headerBytes = random.nextLong(24, 2_000);
        long start = -Math.floorDiv(-headerBytes, alignment) * alignment;
        List<Claim> claims = new ArrayList<>();
        long offset = 0;
        long end = 0;
        for (int i = random.nextInt(5); i > 0; i--) {
            List<QuantType> types = List.of(QuantType.values());
            QuantType type = types.get(random.nextInt(types.size()));
            List<Long> shape = new ArrayList<>();
            shape.add(type.blockElements() * random.nextLong(1, 5));
            long elements = shape.getFirst();
            for (int dim = random.nextInt(4); dim > 0; dim--) {
                shape.add(random.nextLong(1, 6));
                elements *= shape.getLast();
            }
            claims.add(new Claim(type.ggufId(), shape, offset));
            end = offset + elements / type.blockElements() * type.blockBytes();
            offset = -Math.floorDiv(-end, alignment) * alignment;
        }
        long fileBytes = claims.isEmpty() ? headerBytes : start + random.nextLong(end, offset + 1);
        return spoil(new Layout(fileBytes, alignment, headerBytes, claims));
    }

    private Layout spoil(Layout layout) {
        List<Claim> claims = new ArrayList<>(layout.claims());
        long fileBytes = layout.fileBytes();
        switch (random.nextInt(5)) {
            case 0 -> fileBytes = Math.max(0, wrong(fileBytes));
            case 1 -> spoilOne(claims, this::shifted);
            case 2 -> spoilOne(claims, this::resized);
            default -> {}
        }
        return new Layout(fileBytes, layout.alignment(), layout.headerBytes(), claims);
    }

    private void spoilOne(List<Claim> claims, UnaryOperator<Claim> change) {
        if (!claims.isEmpty()) {
            int index = random.nextInt(claims.size());
            claims.set(index, change.apply(claims.get(index)));
        }
    }

    private Claim shifted(Claim claim) {
        return new Claim(claim.type(), claim.shape(), wrong(claim.offset()));
    }

    private Claim resized(Claim claim) {
        List<Long> shape = new ArrayList<>(claim.shape());
        int dim = random.nextInt(shape.size());
        shape.set(dim, wrong(shape.get(dim)));
        return new Claim(claim.type(), shape, claim.offset());
    }

    private long wrong(long value) {
        return switch (random.nextInt(6)) {
            case 0 -> value + 1;
            case 1 -> value - 1;
            case 2 -> value + 32;
            case 3 -> value + (1L << random.nextInt(64));
            case 4 -> Long.MAX_VALUE - random.nextLong(64);
            default -> random.nextLong() & -(1L << random.nextInt(63));
        };
    }
}
