package autark.cli.pull;

/// What a pull tells the person who waits for it.
public interface PullListener {
    /// Something worth a line: what is asked, what failed.
    void note(String line);

    /// How far the file is; called often.
    void progress(long bytes, long totalBytes);
}
