package autark.engine.typed;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// The classes of the JDK whose values are one string, number or truth value.
final class Scalars {
    private static final Map<Class<?>, Shape> ALL = all();

    private Scalars() {}

    static Optional<Shape> of(Class<?> type) {
        return Optional.ofNullable(ALL.get(type));
    }

    private static Map<Class<?>, Shape> all() {
        Map<Class<?>, Shape> all = new HashMap<>();
        all.put(String.class, new Shape.Text());
        put(all, boolean.class, Boolean.class, new Shape.Truth());
        Shape bytes = whole(Byte.MIN_VALUE, Byte.MAX_VALUE, BigInteger::byteValueExact);
        put(all, byte.class, Byte.class, bytes);
        Shape shorts = whole(Short.MIN_VALUE, Short.MAX_VALUE, BigInteger::shortValueExact);
        put(all, short.class, Short.class, shorts);
        Shape ints = whole(Integer.MIN_VALUE, Integer.MAX_VALUE, BigInteger::intValueExact);
        put(all, int.class, Integer.class, ints);
        Shape longs = whole(Long.MIN_VALUE, Long.MAX_VALUE, BigInteger::longValueExact);
        put(all, long.class, Long.class, longs);
        all.put(BigInteger.class, new Shape.Whole(Optional.empty(), value -> value));
        put(all, float.class, Float.class, decimal(Float.MAX_VALUE, BigDecimal::floatValue));
        put(all, double.class, Double.class, decimal(Double.MAX_VALUE, BigDecimal::doubleValue));
        all.put(BigDecimal.class, new Shape.Decimal(Optional.empty(), value -> value));
        Notation.ALL.forEach((type, notation) -> all.put(type, new Shape.Noted(notation)));
        return Map.copyOf(all);
    }

    private static void put(
            Map<Class<?>, Shape> all, Class<?> primitive, Class<?> box, Shape shape) {
        all.put(primitive, shape);
        all.put(box, shape);
    }

    private static Shape whole(long min, long max, Function<BigInteger, Object> make) {
        Shape.Range range = new Shape.Range(BigInteger.valueOf(min), BigInteger.valueOf(max));
        return new Shape.Whole(Optional.of(range), make);
    }

    private static Shape decimal(double max, Function<BigDecimal, Object> make) {
        return new Shape.Decimal(Optional.of(new BigDecimal(Double.toString(max))), make);
    }
}
