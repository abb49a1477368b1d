package autark.engine.disk;

import static org.assertj.core.api.Assertions.assertThat;

import autark.engine.disk.WriteQueue.Place;
import java.util.List;
import org.junit.jupiter.api.Test;

class WriteQueueTest {
    private final WriteQueue queue = new WriteQueue();

    /// Small blocks take whole frames of memory, and that is what is counted.
    @Test
    void theQueueIsBoundedByTheMemoryThatCopiesTake() {
        SampleBlock sample = SampleBlock.small("ann", 1);
        BlockContent content = content(sample);
        int taken = 0;
        while (queue.reserve("block" + taken, content) == Place.TAKEN) {
            taken++;
        }

        assertThat(taken).isEqualTo(1024);
        queue.release("block0", content);
        assertThat(queue.reserve("block1", content)).isEqualTo(Place.WAITS_ALREADY);
        assertThat(queue.reserve("block0", content)).isEqualTo(Place.TAKEN);
        assertThat(queue.reserve("block", content)).isEqualTo(Place.FULL);
    }

    @Test
    void aBlockLeavesWithItsTenant() {
        add(SampleBlock.small("ann", 1), "a");
        add(SampleBlock.small("bob", 2), "b");
        add(SampleBlock.small("ann", 3), "c");
        List<PendingBlock> removed = queue.removeTenant("ann");

        assertThat(removed.stream().map(PendingBlock::block)).containsExactly("a", "c");
        assertThat(queue.next()).extracting(PendingBlock::block).isEqualTo("b");
        assertThat(queue.next()).isNull();
    }

    @Test
    void framesAreUsedAgain() {
        add(SampleBlock.small("ann", 1), "a");
        PendingBlock block = queue.removeTenant("ann").getFirst();
        byte[] frame = block.frames().getFirst();
        queue.done(block);

        assertThat(queue.newFrame()).isSameAs(frame);
        assertThat(queue.newFrame()).isNotSameAs(frame);
    }

    @Test
    void aClosedQueueTakesNothingAndEndsWhenItIsEmpty() {
        add(SampleBlock.small("ann", 1), "a");
        SampleBlock late = SampleBlock.small("ann", 2);
        assertThat(queue.reserve("late", content(late))).isEqualTo(Place.TAKEN);
        queue.close();

        queue.add(pending(late, "late"));
        assertThat(queue.reserve("z", content(late))).isEqualTo(Place.FULL);
        assertThat(queue.awaitWork()).isTrue();
        assertThat(queue.next()).extracting(PendingBlock::block).isEqualTo("a");
        queue.rest();
        assertThat(queue.awaitWork()).isFalse();
    }

    private void add(SampleBlock sample, String block) {
        assertThat(queue.reserve(block, content(sample))).isEqualTo(Place.TAKEN);
        queue.add(pending(sample, block));
    }

    private PendingBlock pending(SampleBlock sample, String block) {
        return PendingBlock.copy(
                new PendingBlock.Naming(sample.name(), block),
                content(sample),
                sample.parts(),
                queue::newFrame);
    }

    private static BlockContent content(SampleBlock sample) {
        return BlockContent.of(sample.name(), sample.tokens(), sample.parts());
    }
}
