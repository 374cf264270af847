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

    /// <summary>Whether the whole message is there to be sent to a service. In <c>preq</c> the client waits, for services that allow it.</summary>
    public static bool MayDelegate(this Stage stage) => stage is Stage.Preq or Stage.Postq or Stage.Delivery;
}
