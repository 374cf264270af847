using System.Collections.Immutable;
using Vsmtp.Vsl;

namespace Vsmtp.Rules;

/// <summary>Where a mail sleeps: at a delegate directive of a stage, for its services.</summary>
/// <param name="Stage">As scripts write it.</param>
/// <param name="Directive">Its name.</param>
/// <param name="Services">Their names; empty where they are not known, and then not compared.</param>
public sealed record ResumePoint(string Stage, string Directive, ImmutableArray<string> Services)
{
    /// <summary>Why a mail that sleeps here cannot go on under these rules, to be read after "the rules …"; null: it can.</summary>
    public string? WhyNotUnder(RuleSet rules) => rules.Find(Directive) switch
    {
        null => $"have no directive \"{Directive}\"",
        { Kind: not DirectiveKind.Delegate } => $"have \"{Directive}\", but it does not delegate",
        var found when found.Stage.ToText() != Stage => $"have \"{Directive}\" in the stage {found.Stage.ToText()} and not in {Stage}",
        var found when !AreOf(found) => $"have \"{Directive}\" for {string.Join(", ", ServicesOf(found))} and not for {string.Join(", ", Services)}",
        _ => null,
    };

    /// <summary>The names of the services that a directive delegates to; none for one of another kind.</summary>
    public static ImmutableArray<string> ServicesOf(RuleDirective directive) => directive.ServiceNames;

    private bool AreOf(RuleDirective found) => Services.IsEmpty || Services.ToHashSet().SetEquals(ServicesOf(found));
}
