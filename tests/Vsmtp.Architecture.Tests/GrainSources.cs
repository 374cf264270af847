using System.Text.RegularExpressions;

namespace Vsmtp.Architecture.Tests;

/// <summary>Grain files compile unchanged on both hosts; what Orleans' analyzers would refuse is refused here.</summary>
public sealed partial class GrainSources
{
    public static TheoryData<string> Files =>
        [.. Repository.Sources(Path.Combine(Repository.Root, "Vsmtp.Grains")).Select(file => Path.GetRelativePath(Repository.Root, file))];

    [Theory, MemberData(nameof(Files))]
    public void No_grain_file_has_a_word_of_the_host_or_leaves_its_turn(string file)
    {
        var text = File.ReadAllText(Path.Combine(Repository.Root, file));
        Assert.DoesNotMatch(Forbidden(), text);
    }

    /// <summary>Conditional code, the embedded host, leaving the activation's scheduler, blocking, the wall clock, sockets and files.</summary>
    [GeneratedRegex(@"#if|Vsmtp\.Embedded|ConfigureAwait\(false\)|Task\.Run|Thread\.|\block\s*\(|GetResult\(|\.Wait\(|DateTime(Offset)?\.(UtcNow|Now)|System\.Net\.Sockets|System\.IO\b|File\.")]
    private static partial Regex Forbidden();
}
