namespace RunnerWebhook.Yaml;

/// <summary>The characters that make collections.</summary>
internal sealed partial class TokenScanner
{
    private void FetchFlow(char c)
    {
        if (c is '[' or '{')
        {
            if (!_isJson)
            {
                SaveKey();
            }

            _keys.Open();
        }
        else if (c == ',')
        {
            _keys.Remove();
        }
        else
        {
            _keys.Close();
        }

        _keyAllowed = c is '[' or '{' or ',';
        Add(c switch
        {
            '[' => TokenKind.FlowSequenceStart,
            '{' => TokenKind.FlowMappingStart,
            ']' => TokenKind.FlowSequenceEnd,
            '}' => TokenKind.FlowMappingEnd,
            _ => TokenKind.FlowEntry,
        });
    }

    private void FetchBlockEntry()
    {
        if (!IsInFlow)
        {
            if (!_keyAllowed)
            {
                throw new YamlSyntaxException(_cursor.Offset, "a list item must start on its own line");
            }

            Roll(_cursor.Column, _tokens.Count, TokenKind.BlockSequenceStart, _cursor.Offset);
        }

        _keys.Remove();
        _keyAllowed = true;
        Add(TokenKind.BlockEntry);
    }

    private void FetchKey()
    {
        if (!IsInFlow)
        {
            if (!_keyAllowed)
            {
                throw new YamlSyntaxException(_cursor.Offset, "a key must start on its own line");
            }

            Roll(_cursor.Column, _tokens.Count, TokenKind.BlockMappingStart, _cursor.Offset);
        }

        _keys.Remove();
        _keyAllowed = !IsInFlow;
        Add(TokenKind.Key);
    }

    private void FetchValue()
    {
        if (_keys.IsPossible())
        {
            var at = _head + _keys.Token - _taken;
            _tokens.Insert(at, new(TokenKind.Key, _keys.Offset, _keys.Offset));
            Roll(_keys.Column, at, TokenKind.BlockMappingStart, _keys.Offset);
            _keys.Accept();
            _keyAllowed = false;
        }
        else
        {
            if (!IsInFlow)
            {
                if (!_keyAllowed)
                {
                    throw new YamlSyntaxException(_cursor.Offset,
                        "a second ': ' on one line is not allowed; put the value in quotes, or on its own line");
                }

                Roll(_cursor.Column, _tokens.Count, TokenKind.BlockMappingStart, _cursor.Offset);
            }

            _keyAllowed = !IsInFlow;
        }

        Add(TokenKind.Value);
    }
}
