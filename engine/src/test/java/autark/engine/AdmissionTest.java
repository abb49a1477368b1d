package autark.engine;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;

final class AdmissionTest {
    @Test
    void takesAsManyAnswersAndTokensAsItMayAndNoMore() {
        Admission admission = new Admission(3, 100);
        admission.enter(2, 60, 0);
        refused(admission, 2, 1);
        refused(admission, 1, 41);
        admission.enter(1, 40, 0);
        refused(admission, 1, 0);
    }

    @Test
    void oneRequestIsTakenHoweverLargeItIs() {
        Admission admission = new Admission(3, 100);
        admission.enter(1, 1_000_000, 0);
        refused(admission, 1, 1);
        admission.leave(1_000_000);
        admission.enter(3, 100, 0);
    }

    @Test
    void whatEndsMakesRoomForAsMuch() {
        Admission admission = new Admission(3, 100);
        for (int i = 0; i < 1000; i++) {
            admission.enter(3, 100, 0);
            refused(admission, 1, 1);
            admission.leave(30);
            admission.leave(30);
            admission.leave(40);
        }
        assertThatCode(() -> admission.enter(3, 100, 0)).doesNotThrowAnyException();
    }

    private static void refused(Admission admission, int answers, long tokens) {
        assertThatExceptionOfType(OverloadedException.class)
                .isThrownBy(() -> admission.enter(answers, tokens, 0))
                .withMessageContaining("try again later");
    }
}
