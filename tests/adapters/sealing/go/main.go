// Opens our notes and checks our paths with the packages of Go's own checksum database.
package main

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type record struct {
	Index int64
	Leaf  string
	Path  []string
}

type older struct {
	Size int64
	Root string
	Path []string
}

type asked struct {
	Note      string
	Keys      []string
	Witnesses []string
	Records   []record
	Trees     []older
}

type answer struct {
	Note       string
	Signatures int
	Records    []string
	Trees      []string
}

// cosigner is a note.Verifier for C2SP tlog-cosignature v1, which the package note does not bring itself.
type cosigner struct {
	name string
	id   uint32
	key  ed25519.PublicKey
}

func newCosigner(vkey string) cosigner {
	parts := strings.SplitN(vkey, "+", 3)
	raw, err := base64.StdEncoding.DecodeString(parts[2])
	if err != nil || len(raw) != 33 || raw[0] != 4 {
		panic("no key of a witness: " + vkey)
	}
	sum := sha256.Sum256(append([]byte(parts[0]+"\n"), raw...))
	return cosigner{parts[0], binary.BigEndian.Uint32(sum[:]), raw[1:]}
}

func (c cosigner) Name() string    { return c.name }
func (c cosigner) KeyHash() uint32 { return c.id }

func (c cosigner) Verify(text, signature []byte) bool {
	if len(signature) != 8+ed25519.SignatureSize {
		return false
	}
	head := fmt.Sprintf("cosignature/v1\ntime %d\n", binary.BigEndian.Uint64(signature))
	return ed25519.Verify(c.key, append([]byte(head), text...), signature[8:])
}

func hash(text string) (made tlog.Hash) {
	raw, err := base64.StdEncoding.DecodeString(text)
	if err != nil || copy(made[:], raw) != tlog.HashSize {
		panic("no hash: " + text)
	}
	return
}

func hashes(texts []string) (made []tlog.Hash) {
	for _, text := range texts {
		made = append(made, hash(text))
	}
	return
}

func said(err error) string {
	if err != nil {
		return err.Error()
	}
	return ""
}

func main() {
	var given asked
	if err := json.NewDecoder(os.Stdin).Decode(&given); err != nil {
		panic(err)
	}
	var verifiers []note.Verifier
	for _, key := range given.Keys {
		verifier, err := note.NewVerifier(key)
		if err != nil {
			panic(err)
		}
		verifiers = append(verifiers, verifier)
	}
	for _, key := range given.Witnesses {
		verifiers = append(verifiers, newCosigner(key))
	}
	var told answer
	opened, err := note.Open([]byte(given.Note), note.VerifierList(verifiers...))
	told.Note = said(err)
	if err == nil {
		told.Signatures = len(opened.Sigs)
		lines := strings.Split(opened.Text, "\n")
		size, err := strconv.ParseInt(lines[1], 10, 64)
		if err != nil {
			panic(err)
		}
		root := hash(lines[2])
		for _, one := range given.Records {
			leaf, err := base64.StdEncoding.DecodeString(one.Leaf)
			if err != nil {
				panic(err)
			}
			found := tlog.CheckRecord(hashes(one.Path), size, root, one.Index, tlog.RecordHash(leaf))
			told.Records = append(told.Records, said(found))
		}
		for _, one := range given.Trees {
			told.Trees = append(told.Trees, said(tlog.CheckTree(hashes(one.Path), size, root, one.Size, hash(one.Root))))
		}
	}
	if err := json.NewEncoder(os.Stdout).Encode(told); err != nil {
		panic(err)
	}
}
