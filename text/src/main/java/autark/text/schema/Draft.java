package autark.text.schema;

/// A version of JSON Schema.
public enum Draft {
    /// Draft 7, of 2018.
    DRAFT_7("http://json-schema.org/draft-07/schema"),

    /// Draft 2020-12.
    DRAFT_2020_12("https://json-schema.org/draft/2020-12/schema");

    private final String address;

    Draft(String address) {
        this.address = address;
    }

    /// What `$schema` says to choose it.
    public String address() {
        return address;
    }
}
