package autark.checks.architecture;

import com.tngtech.archunit.lang.ArchRule;

/// A rule, and the source of a class that breaks it: a rule that refuses nothing protects nothing.
record Rule(ArchRule rule, String counterexample) {
    @Override
    public String toString() {
        return rule.getDescription();
    }
}
