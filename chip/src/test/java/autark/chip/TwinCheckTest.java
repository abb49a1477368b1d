package autark.chip;

import static org.assertj.core.api.Assertions.assertThat;

import autark.chip.kernel.ScalarKernels;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TwinCheckTest {
    private static final Set<String> FACTS = Set.of("name", "lanes", "panelRows", "multiplyAdds");

    /// Where the lack of a kernel shows that only prepares something for another.
    private static final Map<String, String> SHOWS =
            Map.of("quantize", "matmul of", "pack", "dequantize of");

    static Stream<Kernels> sets() {
        return Chip.current().available().stream();
    }

    static Stream<Method> kernels() {
        return Arrays.stream(Kernels.class.getMethods())
                .filter(method -> !FACTS.contains(method.getName()));
    }

    @ParameterizedTest
    @MethodSource("sets")
    void theSetsOfThisMachineGiveTheBitsOfTheScalarOne(Kernels set) {
        assertThat(TwinCheck.mistake(set, new ScalarKernels())).isEmpty();
    }

    /// Also for kernels that are added one day.
    @ParameterizedTest
    @MethodSource("kernels")
    void aKernelThatDoesNothingIsFoundAndNamed(Method kernel) {
        Kernels idle = without(kernel, new ScalarKernels());

        assertThat(TwinCheck.mistake(idle, new ScalarKernels()).orElseThrow())
                .startsWith(SHOWS.getOrDefault(kernel.getName(), kernel.getName()));
    }

    private static Kernels without(Method kernel, Kernels all) {
        return (Kernels)
                Proxy.newProxyInstance(
                        Kernels.class.getClassLoader(),
                        new Class<?>[] {Kernels.class},
                        (proxy, method, arguments) -> {
                            if (method.equals(kernel)) {
                                return null;
                            }
                            try {
                                return method.invoke(all, arguments);
                            } catch (InvocationTargetException e) {
                                throw e.getCause();
                            }
                        });
    }
}
