package autark.engine.schedule;

import autark.engine.cache.PageStore;
import autark.model.KvPage;
import java.util.List;

/// Pages of an answer's beginning that are being read from disk. The pages are held until the
/// reader is done, whatever becomes of the answer.
record Loading(Task task, List<PageStore.Page> names, List<KvPage> pages) {}
