namespace Vsmtp.Rules.Objects;

/// <summary><c>code</c>: a reply.</summary>
internal sealed class CodeObject(RuleReply reply) : VslObject
{
    public override string Kind => "code";

    public RuleReply Reply { get; } = reply;

    public override string ToText() => Reply.ToString();

    protected override bool Equals(VslObject other) => other is CodeObject code && Reply == code.Reply;
}
