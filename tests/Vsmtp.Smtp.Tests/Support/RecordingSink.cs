using System.Buffers;
using System.Text;
using Vsmtp.Smtp.Server;

namespace Vsmtp.Smtp.Tests.Support;

/// <summary>One message as it was received.</summary>
internal sealed class RecordingSink(RecordingPolicy policy, SmtpTransaction transaction) : IMessageSink
{
    private readonly ArrayBufferWriter<byte> _bytes = new();

    public SmtpTransaction Transaction { get; } = transaction;

    public byte[] Bytes => _bytes.WrittenSpan.ToArray();

    public string Text => Encoding.UTF8.GetString(_bytes.WrittenSpan);

    public bool IsComplete { get; private set; }

    public List<MessageAbort> Aborts { get; } = [];

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        Assert.False(IsComplete);
        Assert.Empty(Aborts);
        Assert.False(bytes.IsEmpty);
        await policy.Write();
        _bytes.Write(bytes.Span);
    }

    public ValueTask<SessionVerdict> CompleteAsync(CancellationToken cancellationToken)
    {
        Assert.False(IsComplete);
        Assert.Empty(Aborts);
        var verdict = policy.Complete();
        IsComplete = true;
        return ValueTask.FromResult(verdict);
    }

    public ValueTask AbortAsync(MessageAbort reason)
    {
        Assert.False(IsComplete);
        Aborts.Add(reason);
        return ValueTask.CompletedTask;
    }
}
