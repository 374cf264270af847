using Vsmtp.Vsl;

namespace Vsmtp.Rules.Functions;

/// <summary>What a rule says: its kind with reply or name. Two are equal when all of that is, wherever they were said.</summary>
internal sealed class Status(
    RuleStatusKind kind, SourceSpan saidAt, RuleReply? reply = null, string? quarantine = null, HiddenText? packet = null) : HostObject
{
    /// <summary>The most frequent one by far, said nowhere in particular: it decides nothing.</summary>
    public static Status Next { get; } = new(RuleStatusKind.Next, SourceSpan.None);

    public override string TypeName => "Status";

    public RuleStatusKind Kind => kind;

    /// <summary>The call that made it.</summary>
    public SourceSpan SaidAt => saidAt;

    public RuleReply? Reply => reply;

    public string? Quarantine => quarantine;

    public HiddenText? Packet => packet;

    public override string ToText() => kind switch
    {
        RuleStatusKind.Next => "next",
        RuleStatusKind.Accept => "accept",
        RuleStatusKind.ForceAccept => "faccept",
        RuleStatusKind.Deny => "deny",
        RuleStatusKind.Info => "info",
        RuleStatusKind.Quarantine => "quarantine",
        RuleStatusKind.Packet => "packet",
        _ => "delegated",
    };

    public override bool? IsEqualTo(Value other) =>
        other.TryAsHost<Status>(out var right)
            ? kind == right.Kind && reply == right.Reply && quarantine == right.Quarantine
                && packet?.Reveal() == right.Packet?.Reveal()
            : null;
}
