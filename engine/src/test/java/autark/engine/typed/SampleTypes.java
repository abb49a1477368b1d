package autark.engine.typed;

import autark.engine.Description;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Types that answers may have, one for each thing that a type may be made of.
public final class SampleTypes {
    private SampleTypes() {}

    public enum Currency {
        EUR,
        USD,
        CHF
    }

    public record Line(String article, int count, BigDecimal price) {}

    @Description("A bill.")
    public record Invoice(
            @Description("as printed") String number,
            LocalDate due,
            Currency currency,
            @Description("in their order") List<Line> lines,
            Optional<String> note) {}

    public record Numbers(
            byte tiny,
            short small,
            int medium,
            long large,
            float rough,
            double fine,
            BigInteger whole,
            BigDecimal exact) {}

    public record Boxes(
            Byte tiny,
            Short small,
            Integer medium,
            Long large,
            Float rough,
            Double fine,
            Boolean truth) {}

    public record Times(
            LocalDate date,
            LocalTime time,
            LocalDateTime moment,
            Instant instant,
            Duration duration) {}

    public record Names(UUID id, URI link) {}

    public record Tree(
            String name,
            List<Tree> branches,
            Optional<Tree> twin,
            Map<String, Tree> leaves,
            @Nullable Tree last) {}

    public sealed interface Payment permits Cash, Card, Later {}

    public record Cash() implements Payment {}

    public record Card(String number, @Nullable Integer code) implements Payment {}

    public sealed interface Later extends Payment permits Voucher {}

    record Voucher(Payment instead, @Nullable Card card) implements Later {}

    public sealed interface Expression {
        record Number(int value) implements Expression {}

        record Sum(Expression left, Expression right) implements Expression {}
    }

    public record Pair<A, B>(A first, B second) {}

    public record Generic(
            Pair<String, List<Pair<Integer, Boolean>>> pair,
            List<? extends Line> lines,
            Pair<Integer, Boolean>[] array,
            Optional<Pair<String, Currency>> maybe) {}

    public record Many(
            int[] numbers,
            String[][] texts,
            Set<Currency> currencies,
            Set<Line> lines,
            Map<String, List<Boolean>> flags) {}

    /// All of them.
    static List<Class<?>> all() {
        return List.of(
                Currency.class,
                Line.class,
                Invoice.class,
                Numbers.class,
                Boxes.class,
                Times.class,
                Names.class,
                Tree.class,
                Payment.class,
                Later.class,
                Expression.class,
                Generic.class,
                Many.class,
                Invoice[].class,
                Payment[][].class,
                String.class,
                boolean.class,
                Long.class,
                double.class,
                LocalDate.class);
    }
}
