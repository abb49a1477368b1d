package autark.engine.cache;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.IntConsumer;

/// A slower memory for pages, behind [PrefixCache]. It never makes a caller wait, and what it does
/// not have, or does not have whole, is a miss.
public interface PageStore {
    /// A page: 32 tokens behind a beginning.
    ///
    /// @param name of the beginning with the page
    /// @param tokens of the page
    record Page(String tenant, PrefixName name, int[] tokens) {}

    /// A page and where its content is to go.
    record Wanted(Page page, List<ByteBuffer> into) {}

    /// Whether it probably has the page.
    boolean has(String tenant, PrefixName name);

    /// Offers a page to be kept; the content is copied at once.
    void offer(Page page, List<ByteBuffer> content);

    /// Reads pages from the first one to the first miss, while the caller goes on.
    ///
    /// @param done gets their number, later, on the thread of the scheduler
    void read(List<Wanted> pages, IntConsumer done);

    /// A store that has nothing.
    static PageStore none() {
        return new PageStore() {
            @Override
            public boolean has(String tenant, PrefixName name) {
                return false;
            }

            @Override
            public void offer(Page page, List<ByteBuffer> content) {}

            @Override
            public void read(List<Wanted> pages, IntConsumer done) {
                throw new IllegalStateException("nothing is there to read");
            }
        };
    }
}
