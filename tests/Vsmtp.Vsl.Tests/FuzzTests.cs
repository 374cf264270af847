using Vsmtp.Vsl.Tests.Fuzzing;

namespace Vsmtp.Vsl.Tests;

/// <summary>A short form of <c>eng/fuzz-vsl</c>.</summary>
public sealed class FuzzTests
{
    [Fact]
    public void Generated_programs_end_within_their_budgets_and_printed_do_the_same() => FuzzRun.Bounded(300, FuzzRun.Generated);

    [Fact]
    public void Spoilt_texts_are_refused_in_words_or_run_to_an_end() => FuzzRun.Bounded(500, FuzzRun.Mutated);
}
