using System.Collections.Immutable;

namespace Vsmtp.Rules;

/// <summary>Stages as scripts, headers and logs write them.</summary>
public static class StageNames
{
    /// <summary>In the order of <see cref="Stage"/>.</summary>
    public static ImmutableArray<string> All { get; } =
        ["connect", "helo", "authenticate", "mail", "rcpt", "preq", "postq", "delivery"];

    /// <returns>Lower case, e.g. <c>postq</c>.</returns>
    public static string ToText(this Stage stage) => All[(int)stage];

    public static bool TryParse(string text, out Stage stage)
    {
        var index = All.IndexOf(text);
        stage = (Stage)Math.Max(index, 0);
        return index >= 0;
    }

    /// <summary>Whether the stage comes after the 250: only there may a mail sleep with a service.</summary>
    public static bool MayDelegate(this Stage stage) => stage is Stage.Postq or Stage.Delivery;
}
