namespace Vsmtp.Faults.Peers;

/// <summary>A list of misdeeds, each to be done once at one moment of a conversation, in an order of chance, with good answers between them.</summary>
internal sealed class Misdeeds(Random random)
{
    private static readonly Misdeed[] WhileContentComes = [Misdeed.HangUp, Misdeed.Hang];

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Queue<Misdeed>> _open = [];

    /// <summary>What a peer's replies are to; CONTENT is the time in which the message comes.</summary>
    public IReadOnlyList<string> Moments { get; init; } = ["CONNECT", "EHLO", "MAIL", "RCPT", "DATA", "CONTENT", "."];

    public IReadOnlyList<Misdeed> Possible { get; init; } = Enum.GetValues<Misdeed>();

    /// <summary>How long a peer hangs; then it closes the connection.</summary>
    public TimeSpan Hang { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How late a slow answer is.</summary>
    public TimeSpan Delay { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>One in so many answers is not good, as long as there is a misdeed for it.</summary>
    public int OneIn { get; init; } = 2;

    public int Done { get; private set; }

    public int Left
    {
        get
        {
            lock (_gate) return _open.Values.Sum(queue => queue.Count);
        }
    }

    /// <summary>Adds every possible misdeed at every moment, so many times.</summary>
    public void Add(int times)
    {
        lock (_gate)
        {
            foreach (var moment in Moments)
            {
                // While the message comes there is no reply to be wrong, late or half.
                var possible = moment == "CONTENT" ? Possible.Intersect(WhileContentComes) : Possible;
                var all = Enumerable.Repeat(possible, times).SelectMany(one => one).ToArray();
                random.Shuffle(all);
                _open[moment] = new Queue<Misdeed>(all);
            }
        }
    }

    /// <summary>Null: this answer is good.</summary>
    public Misdeed? At(string moment)
    {
        lock (_gate)
        {
            if (!_open.TryGetValue(moment, out var queue) || queue.Count == 0 || random.Next(OneIn) > 0) return null;
            Done++;
            return queue.Dequeue();
        }
    }

    /// <summary>What a peer says that does a misdeed; null: it hangs up.</summary>
    public async Task<string?> SayAsync(Misdeed? misdeed, string reply, CancellationToken cancellationToken)
    {
        if (misdeed is null) return reply;
        if (misdeed is Misdeed.Slow or Misdeed.Hang)
            await Task.Delay(misdeed is Misdeed.Slow ? Delay : Hang, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return misdeed switch
        {
            Misdeed.Slow => reply,
            Misdeed.Garbage => "2\u00ff0~ <html>\u0000 what?",
            Misdeed.Refuse => "451 4.3.2 Not now",
            _ => null,
        };
    }
}
