using Vsmtp.Vsl.Tests.Fuzzing;
using Vsmtp.Vsl.Tests.Support;

namespace Vsmtp.Vsl.Tests;

/// <summary>A short form of <c>eng/fuzz-vsl</c>.</summary>
public sealed class FuzzTests
{
    [Fact]
    public void Generated_programs_end_within_their_budgets_and_printed_do_the_same() => FuzzRun.Bounded(120, FuzzRun.Generated);

    [Fact]
    public async Task Generated_programs_come_to_all_kinds_of_ends()
    {
        var ends = new Dictionary<string, int>();
        for (var seed = 0; seed < 120; seed++)
        {
            var compiled = TestScript.Compile(new ScriptGenerator(new Random(seed)).Program());
            var end = "refused";
            if (compiled.Script is { } script)
            {
                var result = await script.EvaluateAsync(new ScriptRunOptions { Limits = FuzzRun.Limits });
                end = result.Failure?.Kind.ToString() ?? "value";
            }

            ends[end] = ends.GetValueOrDefault(end) + 1;
        }

        Assert.True(ends.GetValueOrDefault("value") > 60, Text());
        Assert.True(ends.GetValueOrDefault("Engine") > 5, Text());
        Assert.True(ends.GetValueOrDefault("Limit") > 1, Text());
        Assert.True(ends.GetValueOrDefault("refused") < 20, Text());
        string Text() => string.Join(", ", ends.Select(e => $"{e.Key} {e.Value}"));
    }

    [Fact]
    public void Spoilt_texts_are_refused_in_words_or_run_to_an_end() => FuzzRun.Bounded(240, FuzzRun.Mutated);
}
