using Vsmtp.Vsl;

namespace Vsmtp.Rules.Services.Commands;

/// <summary>How a command ended: with an exit code, or by a signal.</summary>
/// <remarks>Read as <c>r.code</c> and <c>r.has_code</c>, and as a map with the key <c>code</c> or <c>signal</c>: <c>r["code"]</c>, <c>"signal" in r</c>.</remarks>
/// <param name="code">Null: it was ended by a signal.</param>
/// <param name="signal">Null: it ended by itself.</param>
internal sealed class CommandResult(int? code, int? signal) : HostObject
{
    public override string TypeName => "CmdResult";

    /// <summary>Null: it was ended by a signal.</summary>
    public int? Code => code;

    public static CommandResult Exited(int code) => new(code, null);

    public static CommandResult Signalled(int signal) => new(null, signal);

    public override string ToText() => code is { } exit ? $"exit status: {exit}" : $"signal: {signal}";

    public override bool TryGetProperty(string name, HostCall call, out Completion value)
    {
        value = name switch
        {
            "has_code" => code is not null,
            "has_signal" => signal is not null,
            "code" => code is { } exit ? Value.From((long)exit) : Completion.Error($"the command has no exit code: it was ended by signal {signal}"),
            "signal" => signal is { } number ? Value.From((long)number) : Completion.Error($"the command has no signal: it ended with exit code {code}"),
            _ => Completion.Unit,
        };
        return name is "has_code" or "has_signal" or "code" or "signal";
    }

    public override bool TryGetItem(Value index, out Completion value)
    {
        value = default;
        if (!index.TryAsString(out var key)) return false;
        value = (key switch { "code" => code, "signal" => signal, _ => null }) is { } number ? Value.From((long)number) : Completion.Unit;
        return true;
    }

    public override Completion? Contains(Value item) =>
        Completion.Of(item.TryAsString(out var key) && (key switch { "code" => code, "signal" => signal, _ => null }) is not null);

    public override bool? IsEqualTo(Value other) => other.TryAsHost<CommandResult>(out var result) ? ToText() == result.ToText() : null;
}
