package autark.text.schema;

import java.util.ArrayList;
import java.util.List;

/// The resources that were entered on the way to a schema, outermost first. One that was entered
/// before changes nothing, for the outermost wins.
record Scope(List<Resource> resources) {
    static final Scope EMPTY = new Scope(List.of());

    Scope {
        resources = List.copyOf(resources);
    }

    Scope entering(Resource resource) {
        if (resources.contains(resource)) {
            return this;
        }
        List<Resource> longer = new ArrayList<>(resources);
        longer.add(resource);
        return new Scope(longer);
    }
}
