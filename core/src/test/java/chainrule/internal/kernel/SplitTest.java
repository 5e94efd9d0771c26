package chainrule.internal.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Tasks cover what there is, up to the largest tensor. */
class SplitTest {
  @Test
  void theLastTaskEndsAtTheEnd() {
    assertThat(Split.end(0, 8, 20)).isEqualTo(8);
    assertThat(Split.end(16, 8, 20)).isEqualTo(20);
    int n = Integer.MAX_VALUE - 8;
    int last = (Split.tasks(n, 1 << 16) - 1) << 16;
    assertThat(Split.end(last, 1 << 16, n)).isEqualTo(n);
  }
}
