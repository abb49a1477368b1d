package autark.engine.disk;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class BlockIndexTest {
    private final BlockIndex index = new BlockIndex();

    @Test
    void theOldestIsTheOneNotUsedForLongest() {
        index.add(block("a", 10, 1));
        index.add(block("b", 20, 2));
        index.add(block("c", 30, 3));
        index.use("a", 4);
        assertThat(oldest()).isEqualTo("b");
        index.contains("b");
        assertThat(oldest()).isEqualTo("b");
        index.forget("b");
        assertThat(oldest()).isEqualTo("c");
    }

    @Test
    void bytesAreThoseOfTheBlocksThatAreThere() {
        index.add(block("a", 10, 1));
        index.add(block("b", 20, 2));
        index.add(block("b", 25, 3));
        assertThat(index.bytes()).isEqualTo(35);
        index.forget("a");
        index.forget("a");
        assertThat(index.bytes()).isEqualTo(25);
        assertThat(index.count()).isEqualTo(1);
    }

    @Test
    void listedBlocksTakeTheirPlaceInTheOrderOfUse() {
        index.add(block("b", 10, 20));
        index.add(block("d", 10, 40));
        index.addListed(List.of(block("c", 10, 30), block("a", 10, 10), block("b", 99, 50)));

        assertThat(index.bytes()).isEqualTo(40);
        for (String expected : List.of("a", "b", "c", "d")) {
            assertThat(oldest()).isEqualTo(expected);
            index.forget(expected);
        }
    }

    @Test
    void aTouchIsClaimedByOneOnly() {
        index.add(block("a", 10, 1000));
        assertThat(index.claimTouch("a", 1999, 1000)).isFalse();
        assertThat(index.claimTouch("a", 2000, 1000)).isTrue();
        assertThat(index.claimTouch("a", 2000, 1000)).isFalse();
        assertThat(index.claimTouch("z", 2000, 1000)).isFalse();
    }

    private String oldest() {
        return index.oldest().orElseThrow().block();
    }

    private static StoredBlock block(String name, long bytes, long millis) {
        return new StoredBlock("folder", name, bytes, millis, millis);
    }
}
