package autark.clients;

/// The server that the clients ask.
final class Target {
    static final String URL = System.getenv("AUTARK_URL");
    static final String MODEL = System.getenv("AUTARK_MODEL");
    static final String KEY = System.getenv().getOrDefault("AUTARK_KEY", "none");
    static final String QUESTION = "What is the capital of France? Answer in one word.";

    private Target() {}
}
